namespace Carillon.Connections.WebSockets;

/// <summary>A whole message or a control frame; the payload is valid until the reader's next call.</summary>
internal readonly record struct WebSocketMessage(WebSocketOpcode Opcode, ReadOnlyMemory<byte> Payload);
