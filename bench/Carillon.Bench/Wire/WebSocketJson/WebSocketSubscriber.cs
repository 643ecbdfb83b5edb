using System.Net;
using System.Text;

namespace Carillon.Bench.Wire.WebSocketJson;

/// <summary>A connection of WebSocket JSON that receives messages: each line of a text frame is one.</summary>
internal sealed class WebSocketSubscriber(IPEndPoint server, Opening opening, int number, MessageDelivered delivered) : WebSocketLink(server, opening)
{
    private const byte LineEnd = (byte)'\n';

    private int _position;

    protected override void OnData(byte first, ReadOnlySpan<byte> payload, long now)
    {
        if (first != WebSocketFrames.FinalText)
        {
            throw new LoadException($"{GetType().Name} received a WebSocket frame that begins with 0x{first:x2}.");
        }
        int end;
        while ((end = payload.IndexOf(LineEnd)) >= 0)
        {
            Take(payload[..end], now);
            payload = payload[(end + 1)..];
        }
        if (!payload.IsEmpty)
        {
            Take(payload, now);
        }
    }

    protected override void OnPacket(ReadOnlySpan<byte> packet, long now)
    {
        int sequence = packet.StartsWith("{\"topic\":"u8) ? MessageTemplate.ReadSequence(packet) : -1;
        if (sequence < 0)
        {
            throw new LoadException($"A subscriber received {Encoding.UTF8.GetString(packet)}");
        }
        delivered(number, _position++, sequence, now);
    }
}
