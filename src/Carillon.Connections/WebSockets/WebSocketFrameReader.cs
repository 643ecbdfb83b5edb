using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Unicode;

namespace Carillon.Connections.WebSockets;

/// <summary>
/// Takes a client's messages off a buffer: checks each frame, removes masks, joins fragments. A payload in one segment is unmasked where it lies.
/// Holds a buffer only while a message is incomplete or was handed out. Not thread-safe.
/// </summary>
/// <param name="maxMessageSize">The largest message in bytes; a larger one is refused by its header, before its payload is read.</param>
internal sealed class WebSocketFrameReader(int maxMessageSize) : IDisposable
{
    private byte[]? _lent;          // The payload of the last message, when it did not lie in one segment.
    private byte[]? _fragments;     // The parts of an unfinished message, unmasked.
    private int _fragmentsLength;
    private WebSocketOpcode _fragmentsOpcode;

    /// <summary>Why the last call returned <see cref="WebSocketReadStatus.Violation"/>.</summary>
    public WebSocketViolation Violation { get; private set; }

    private bool InMessage => _fragmentsOpcode != WebSocketOpcode.Continuation;

    /// <summary>Takes one message or control frame off the front of <paramref name="buffer"/>; a message's earlier fragments are taken as well.</summary>
    public WebSocketReadStatus TryRead(ref ReadOnlySequence<byte> buffer, out WebSocketMessage message)
    {
        message = default;
        Return(ref _lent);
        while (true)
        {
            WebSocketReadStatus status = WebSocketFrameHeader.TryRead(buffer, out WebSocketFrameHeader header, out string? violation);
            if (status != WebSocketReadStatus.Message)
            {
                return status == WebSocketReadStatus.NeedMore ? status : Fail(WebSocketCloseCode.ProtocolError, violation!);
            }

            bool isControl = header.Opcode >= WebSocketOpcode.Close;
            if (!isControl)
            {
                if (InMessage != (header.Opcode == WebSocketOpcode.Continuation))
                {
                    return Fail(WebSocketCloseCode.ProtocolError, InMessage ? "a message begins inside another" : "a continuation without a beginning");
                }

                if (header.PayloadLength > maxMessageSize - _fragmentsLength)
                {
                    return Fail(WebSocketCloseCode.MessageTooBig, "the message is too big");
                }
            }

            if (buffer.Length - header.Length < header.PayloadLength)
            {
                return WebSocketReadStatus.NeedMore;
            }

            ReadOnlySequence<byte> payload = buffer.Slice(header.Length, header.PayloadLength);
            buffer = buffer.Slice(payload.End);
            if (isControl || (header.Final && !InMessage))
            {
                return Finish(new WebSocketMessage(header.Opcode, Unmask(payload, header.Mask)), out message);
            }

            Collect(payload, header);
            if (header.Final)
            {
                return FinishFragments(out message);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Return(ref _lent);
        Return(ref _fragments);
    }

    private static void Return(ref byte[]? array)
    {
        if (array is not null)
        {
            ArrayPool<byte>.Shared.Return(array);
            array = null;
        }
    }

    private WebSocketReadStatus FinishFragments(out WebSocketMessage message)
    {
        var whole = new WebSocketMessage(_fragmentsOpcode, _fragments.AsMemory(0, _fragmentsLength));
        _lent = _fragments;
        _fragments = null;
        _fragmentsLength = 0;
        _fragmentsOpcode = WebSocketOpcode.Continuation;
        return Finish(whole, out message);
    }

    private WebSocketReadStatus Finish(WebSocketMessage whole, out WebSocketMessage message)
    {
        message = whole;
        return whole.Opcode == WebSocketOpcode.Text && !Utf8.IsValid(whole.Payload.Span)
            ? Fail(WebSocketCloseCode.InvalidData, "the text is not UTF-8")
            : WebSocketReadStatus.Message;
    }

    private ReadOnlyMemory<byte> Unmask(in ReadOnlySequence<byte> payload, uint mask)
    {
        Memory<byte> bytes;
        if (payload.IsSingleSegment)
        {
            // The bytes are ours alone: they are consumed at once, and no one reads them masked.
            bytes = MemoryMarshal.AsMemory(payload.First);
        }
        else
        {
            _lent = ArrayPool<byte>.Shared.Rent((int)payload.Length);
            payload.CopyTo(_lent);
            bytes = _lent.AsMemory(0, (int)payload.Length);
        }

        WebSocketMask.Apply(bytes.Span, mask);
        return bytes;
    }

    private void Collect(in ReadOnlySequence<byte> payload, in WebSocketFrameHeader header)
    {
        if (!InMessage)
        {
            _fragmentsOpcode = header.Opcode;
        }

        int length = (int)header.PayloadLength;
        int total = _fragmentsLength + length;
        if (_fragments is null || _fragments.Length < total)
        {
            byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(Math.Max(total, 256), Math.Min(_fragmentsLength * 2, maxMessageSize)));
            _fragments.AsSpan(0, _fragmentsLength).CopyTo(larger);
            Return(ref _fragments);
            _fragments = larger;
        }

        Span<byte> part = _fragments.AsSpan(_fragmentsLength, length);
        payload.CopyTo(part);
        WebSocketMask.Apply(part, header.Mask);
        _fragmentsLength = total;
    }

    private WebSocketReadStatus Fail(WebSocketCloseCode code, string reason)
    {
        Violation = new WebSocketViolation(code, reason);
        return WebSocketReadStatus.Violation;
    }
}
