namespace Carillon.SocketIO.EngineIO;

/// <summary>The life of a session.</summary>
internal enum SessionState
{
    /// <summary>Packets go both ways.</summary>
    Open,

    /// <summary>Closed by the server while a polling client was between two polls: its next poll gets what waits, and the close packet.</summary>
    Draining,

    /// <summary>Over.</summary>
    Closed,
}
