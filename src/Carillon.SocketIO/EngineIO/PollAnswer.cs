namespace Carillon.SocketIO.EngineIO;

/// <summary>What releases a pending poll.</summary>
internal enum PollAnswer
{
    /// <summary>Frames wait in the outbox.</summary>
    Frames,

    /// <summary>Nothing to say: the transport is being upgraded, or the client itself closed.</summary>
    Noop,

    /// <summary>The server closed the session.</summary>
    Close,

    /// <summary>The server shuts down.</summary>
    ShuttingDown,

    /// <summary>The client gave up the request.</summary>
    Gone,
}
