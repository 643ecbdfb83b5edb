using System.Net;
using System.Text;

namespace Carillon.Bench.Wire.SignalR;

/// <summary>A SignalR connection that receives messages as invocations.</summary>
internal sealed class SignalRSubscriber(IPEndPoint server, Opening opening, int number, MessageDelivered delivered) : SignalRLink(server, opening)
{
    private int _position;

    protected override void OnPacket(ReadOnlySpan<byte> packet, long now)
    {
        int sequence = packet.StartsWith("{\"type\":1,"u8) ? MessageTemplate.ReadSequence(packet) : -1;
        if (sequence < 0)
        {
            throw new LoadException($"A subscriber received {Encoding.UTF8.GetString(packet)}");
        }
        delivered(number, _position++, sequence, now);
    }
}
