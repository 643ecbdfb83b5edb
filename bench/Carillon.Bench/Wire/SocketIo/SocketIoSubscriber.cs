using System.Net;
using System.Text;

namespace Carillon.Bench.Wire.SocketIo;

/// <summary>A Socket.IO connection that receives messages as events.</summary>
internal sealed class SocketIoSubscriber(IPEndPoint server, Opening opening, int number, MessageDelivered delivered) : SocketIoLink(server, opening)
{
    private int _position;

    protected override void OnPacket(ReadOnlySpan<byte> packet, long now)
    {
        int sequence = packet.StartsWith("42["u8) ? MessageTemplate.ReadSequence(packet) : -1;
        if (sequence < 0)
        {
            throw new LoadException($"A subscriber received {Encoding.UTF8.GetString(packet)}");
        }
        delivered(number, _position++, sequence, now);
    }
}
