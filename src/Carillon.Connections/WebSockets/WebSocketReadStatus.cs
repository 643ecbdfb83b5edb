namespace Carillon.Connections.WebSockets;

/// <summary>What came of reading from a buffer.</summary>
internal enum WebSocketReadStatus
{
    /// <summary>Nothing yet: more bytes are needed.</summary>
    NeedMore,

    /// <summary>One whole message, control frame or header.</summary>
    Message,

    /// <summary>The peer broke the protocol; the connection must be closed.</summary>
    Violation,
}
