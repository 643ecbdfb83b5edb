using System.Buffers.Text;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Carillon.Bench.Wire;

/// <summary>A Socket.IO connection that publishes by the event <c>publish</c>, each acknowledged, with some under way at once.</summary>
internal sealed class SocketIoPublisher : WebSocketLink, IPublisher
{
    private const int MostUnderWay = 16;

    // The acknowledgement's id is the sequence number with a 1 in front: of constant length, without leading zeros.
    private const int IdBase = 1_000_000_000;

    private readonly MessageTemplate _template;
    private readonly PublishAnswered _answered;
    private int _underWay;

    private SocketIoPublisher(Socket socket, string topic, bool withId, PublishAnswered answered)
        : base(socket)
    {
        string packet = $"421{new string('#', 9)}[\"publish\",{MessageTemplate.PublishBody(topic, withId)}]";
        _template = new MessageTemplate(WebSocketFrames.Header(WebSocketFrames.FinalText, packet.Length), packet);
        _answered = answered;
    }

    public bool IsReady => _underWay < MostUnderWay;

    public static SocketIoPublisher Connect(IPEndPoint server, string topic, bool withId, PublishAnswered answered) =>
        new(SocketIoHandshake.Connect(server), topic, withId, answered);

    public void Publish(int sequence)
    {
        _underWay++;
        Send(_template.Fill(sequence));
    }

    protected override void OnPacket(ReadOnlySpan<byte> packet, long now)
    {
        if (!packet.StartsWith("43"u8) || !Utf8Parser.TryParse(packet[2..], out int id, out _) || packet.IndexOf("\"ok\""u8) < 0)
        {
            throw new LoadException($"The event publish was answered: {Encoding.UTF8.GetString(packet)}");
        }
        _underWay--;
        _answered(id - IdBase, AnswerOffset.Read(packet), now);
    }
}
