namespace Carillon.Server.Settings;

/// <summary>Where messages are kept.</summary>
public enum EngineKind
{
    /// <summary>In a SQLite file: acknowledged messages survive.</summary>
    Sqlite,

    /// <summary>In memory: nothing survives the process.</summary>
    Memory,
}
