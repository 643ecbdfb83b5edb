namespace Carillon.SocketIO;

/// <summary>The ways a client may connect.</summary>
[Flags]
public enum SocketIOTransports
{
    /// <summary>None; not a valid setting.</summary>
    None = 0,

    /// <summary>HTTP long-polling.</summary>
    Polling = 1,

    /// <summary>WebSocket.</summary>
    WebSocket = 2,

    /// <summary>Both.</summary>
    All = Polling | WebSocket,
}
