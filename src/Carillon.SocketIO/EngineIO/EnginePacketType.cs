namespace Carillon.SocketIO.EngineIO;

/// <summary>The first character of an Engine.IO packet: engine.io-protocol v4, "Packet types".</summary>
internal enum EnginePacketType : byte
{
    Open = (byte)'0',
    Close = (byte)'1',
    Ping = (byte)'2',
    Pong = (byte)'3',
    Message = (byte)'4',
    Upgrade = (byte)'5',
    Noop = (byte)'6',

    /// <summary>Not a type, but in its place: a binary message in base64 follows.</summary>
    Base64 = (byte)'b',
}
