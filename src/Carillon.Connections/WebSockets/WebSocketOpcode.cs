namespace Carillon.Connections.WebSockets;

/// <summary>What a frame is: RFC 6455 §5.2, "Opcode".</summary>
public enum WebSocketOpcode
{
    /// <summary>A further part of a fragmented message.</summary>
    Continuation = 0x0,

    /// <summary>UTF-8 text.</summary>
    Text = 0x1,

    /// <summary>Bytes.</summary>
    Binary = 0x2,

    /// <summary>The sender closes.</summary>
    Close = 0x8,

    /// <summary>A ping, to be answered by a pong with the same payload.</summary>
    Ping = 0x9,

    /// <summary>The answer to a ping, or unsolicited.</summary>
    Pong = 0xA,
}
