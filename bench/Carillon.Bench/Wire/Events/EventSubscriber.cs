using System.Net;
using System.Text;
using Carillon.Bench.Linux;

namespace Carillon.Bench.Wire.Events;

/// <summary>
/// A stream of server-sent events over HTTP/1.1. Open when the server has said that the topic is subscribed to; from then on each event without a name is a message (HTML Living
/// Standard, "Server-sent events": an empty line ends an event, a line that begins with a colon is a comment).
/// </summary>
internal sealed class EventSubscriber : Link
{
    private readonly int _number;
    private readonly MessageDelivered _delivered;
    private readonly ChunkedBody _body = new();
    private bool _answered;
    private bool _isOpen;
    private int _position;

    // An event that began in an earlier chunk.
    private byte[] _partial = [];
    private int _partialLength;

    public EventSubscriber(IPEndPoint server, string topic, int number, MessageDelivered delivered)
        : base(Connect(server))
    {
        _number = number;
        _delivered = delivered;
        Send(Encoding.ASCII.GetBytes($"GET /events?topic={topic} HTTP/1.1\r\nHost: {server}\r\nAccept: text/event-stream\r\n\r\n"));
    }

    public override bool IsOpen => _isOpen;

    public override int Consume(ReadOnlySpan<byte> bytes, long now)
    {
        int consumed = 0;
        if (!_answered)
        {
            consumed = bytes.IndexOf("\r\n\r\n"u8) + 4;
            if (consumed < 4)
            {
                return 0;
            }
            OnAnswer(bytes[..consumed]);
        }
        while (_body.TryTake(bytes[consumed..], out ReadOnlySpan<byte> text, out int taken))
        {
            consumed += taken;
            OnText(text, now);
        }
        return consumed;
    }

    private void OnAnswer(ReadOnlySpan<byte> head)
    {
        if (!head.StartsWith("HTTP/1.1 200 "u8) || head.IndexOf("Transfer-Encoding: chunked"u8) < 0)
        {
            throw new LoadException($"GET /events was answered: {Encoding.UTF8.GetString(head)}");
        }
        _answered = true;
    }

    private void OnText(ReadOnlySpan<byte> text, long now)
    {
        if (_partialLength > 0)
        {
            // Its end may lie across the border: one line end on each side.
            int from = Math.Max(0, _partialLength - 1);
            Keep(text);
            int end = _partial.AsSpan(from, _partialLength - from).IndexOf("\n\n"u8);
            if (end < 0)
            {
                return;
            }
            int length = from + end;
            int rest = _partialLength - (length + 2);
            _partialLength = 0;
            OnEvent(_partial.AsSpan(0, length), now);
            text = text[^rest..];
        }
        for (int end; (end = text.IndexOf("\n\n"u8)) >= 0; text = text[(end + 2)..])
        {
            OnEvent(text[..end], now);
        }
        Keep(text);
    }

    // An id may come before any other field.
    private void OnEvent(ReadOnlySpan<byte> lines, long now)
    {
        int sequence = MessageTemplate.ReadSequence(lines);
        if (sequence >= 0)
        {
            _delivered(_number, _position++, sequence, now);
        }
        else if (lines.IndexOf("event: subscribed\n"u8) >= 0)
        {
            _isOpen = true;
        }
        else if (!lines.StartsWith(":"u8) && !lines.StartsWith("retry: "u8))
        {
            throw new LoadException($"A stream of events received {Encoding.UTF8.GetString(lines)}");
        }
    }

    private void Keep(ReadOnlySpan<byte> bytes)
    {
        if (_partial.Length < _partialLength + bytes.Length)
        {
            Array.Resize(ref _partial, (_partialLength + bytes.Length) * 2);
        }
        bytes.CopyTo(_partial.AsSpan(_partialLength));
        _partialLength += bytes.Length;
    }
}
