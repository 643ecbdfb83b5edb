using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Carillon.Bench.Wire;

/// <summary>A Socket.IO connection subscribed to one topic in room style.</summary>
internal sealed class Subscriber : WebSocketLink
{
    private readonly MessageDelivered _delivered;
    private int _position;

    private Subscriber(Socket socket, MessageDelivered delivered)
        : base(socket) => _delivered = delivered;

    public static Subscriber Connect(IPEndPoint server, string topic, MessageDelivered delivered) =>
        new(SocketIoHandshake.Subscribe(server, topic), delivered);

    protected override void OnPacket(ReadOnlySpan<byte> packet, long now)
    {
        int sequence = packet.StartsWith("42["u8) ? MessageTemplate.ReadSequence(packet) : -1;
        if (sequence < 0)
        {
            throw new LoadException($"A subscriber received {Encoding.UTF8.GetString(packet)}");
        }
        _delivered(_position++, sequence, now);
    }
}
