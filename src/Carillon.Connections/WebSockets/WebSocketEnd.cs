namespace Carillon.Connections.WebSockets;

/// <summary>How a connection ended.</summary>
public enum WebSocketEnd
{
    /// <summary>The peer sent a close frame.</summary>
    ClosedByPeer,

    /// <summary>This side closed or aborted it.</summary>
    ClosedHere,

    /// <summary>The link broke without a close frame.</summary>
    Lost,

    /// <summary>The peer broke the protocol and was told so.</summary>
    Violation,
}
