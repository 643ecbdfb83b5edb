namespace Carillon.SocketIO.Packets;

/// <summary>The first character of a Socket.IO packet: socket.io-protocol v5, "Packet types".</summary>
internal enum PacketType : byte
{
    Connect = (byte)'0',
    Disconnect = (byte)'1',
    Event = (byte)'2',
    Acknowledgement = (byte)'3',
    ConnectError = (byte)'4',
    BinaryEvent = (byte)'5',
    BinaryAcknowledgement = (byte)'6',
}
