namespace Carillon.SocketIO.EngineIO;

/// <summary>The life of a session.</summary>
internal enum SessionState
{
    /// <summary>Packets go both ways.</summary>
    Open,

    /// <summary>Closed by the server while its client was polling: the next poll gets what waits, the one after that the close packet.</summary>
    Draining,

    /// <summary>Over.</summary>
    Closed,
}
