using System.Buffers.Text;
using System.Net;
using System.Text;

namespace Carillon.Bench.Wire.SocketIo;

/// <summary>A Socket.IO connection that publishes on a topic by the event <c>publish</c>, each acknowledged, with some under way at once.</summary>
internal sealed class SocketIoPublisher(IPEndPoint server, MessageTemplate template, PublishAnswered answered)
    : SocketIoLink(server, ToNamespace), IPublisher
{
    private const int MostUnderWay = 16;

    // The acknowledgement's id is the sequence number with a 1 in front: of constant length, without leading zeros.
    private const int IdBase = 1_000_000_000;

    private int _underWay;

    public bool IsReady => _underWay < MostUnderWay;

    public static MessageTemplate Template(string topic, bool withId)
    {
        string packet = $"421{new string('#', 9)}[\"publish\",{MessageTemplate.PublishBody(topic, withId)}]";
        return new MessageTemplate(WebSocketFrames.Header(WebSocketFrames.FinalText, packet.Length), packet);
    }

    public void Publish(int sequence)
    {
        _underWay++;
        Send(template.Fill(sequence));
    }

    protected override void OnPacket(ReadOnlySpan<byte> packet, long now)
    {
        if (!packet.StartsWith("43"u8) || !Utf8Parser.TryParse(packet[2..], out int id, out _) || packet.IndexOf("\"ok\""u8) < 0)
        {
            throw new LoadException($"The event publish was answered: {Encoding.UTF8.GetString(packet)}");
        }
        _underWay--;
        answered(id - IdBase, AnswerOffset.Read(packet), now);
    }
}
