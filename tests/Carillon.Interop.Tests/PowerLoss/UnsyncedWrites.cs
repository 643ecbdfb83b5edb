namespace Carillon.Interop.Tests.PowerLoss;

/// <summary>What a power loss does to writes that were not fsynced.</summary>
public enum UnsyncedWrites
{
    /// <summary>All of them are gone.</summary>
    Lost,

    /// <summary>Each sector, truncation and directory entry survives or not by chance, as on a disk that reorders.</summary>
    Torn,
}
