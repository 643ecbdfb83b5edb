using System.Buffers.Text;
using System.Net;
using System.Text;
using Carillon.Bench.Linux;

namespace Carillon.Bench.Wire;

/// <summary>A keep-alive HTTP/1.1 connection with one <c>POST /publish</c> under way at most.</summary>
internal sealed class HttpPublisher : Link, IPublisher
{
    private readonly MessageTemplate _template;
    private readonly PublishAnswered _answered;
    private int _sequence;

    public HttpPublisher(IPEndPoint server, string topic, bool withId, PublishAnswered answered)
        : base(Connect(server))
    {
        string body = MessageTemplate.PublishBody(topic, withId);
        _template = new MessageTemplate(
            [],
            $"POST /publish HTTP/1.1\r\nHost: {server}\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}");
        _answered = answered;
    }

    public bool IsReady { get; private set; } = true;

    public void Publish(int sequence)
    {
        IsReady = false;
        _sequence = sequence;
        Send(_template.Fill(sequence));
    }

    public override int Consume(ReadOnlySpan<byte> bytes, long now)
    {
        if (!TryFindBody(bytes, out ReadOnlySpan<byte> body, out int length))
        {
            return 0;
        }
        if (!bytes.StartsWith("HTTP/1.1 200 "u8))
        {
            throw new LoadException($"POST /publish was answered: {Encoding.UTF8.GetString(bytes)}");
        }
        IsReady = true;
        _answered(_sequence, AnswerOffset.Read(body), now);
        return length;
    }

    /// <summary>RFC 9112 §6: the body ends after Content-Length bytes or with the last chunk.</summary>
    private static bool TryFindBody(ReadOnlySpan<byte> bytes, out ReadOnlySpan<byte> body, out int length)
    {
        body = default;
        length = 0;
        int headEnd = bytes.IndexOf("\r\n\r\n"u8) + 4;
        if (headEnd < 4)
        {
            return false;
        }
        ReadOnlySpan<byte> head = bytes[..headEnd];
        int bodyLength;
        int field = head.IndexOf("Content-Length: "u8);
        if (field < 0)
        {
            field = head.IndexOf("content-length: "u8);
        }
        if (field >= 0)
        {
            _ = Utf8Parser.TryParse(head[(field + "Content-Length: ".Length)..], out bodyLength, out _);
        }
        else
        {
            int lastChunk = bytes[(headEnd - 2)..].IndexOf("\r\n0\r\n\r\n"u8);
            bodyLength = lastChunk < 0 ? int.MaxValue : lastChunk + 5;
        }
        if (bytes.Length - headEnd < bodyLength)
        {
            return false;
        }
        body = bytes.Slice(headEnd, bodyLength);
        length = headEnd + bodyLength;
        return true;
    }
}
