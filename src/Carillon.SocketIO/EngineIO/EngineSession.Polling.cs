using System.Buffers;
using System.Text.Unicode;
using Carillon.Connections;
using Microsoft.AspNetCore.Http;

namespace Carillon.SocketIO.EngineIO;

internal sealed partial class EngineSession
{
    // python-engineio refuses a payload of more packets (its Payload.max_decode_packets); the client polls again for the rest at once.
    private const int MaxPacketsPerPoll = 16;

    /// <summary>Answers a GET: with what waits, up to 16 packets, or as soon as something does.</summary>
    public async Task PollAsync(HttpContext context)
    {
        if (BeginPoll() is { } refusal)
        {
            await refusal.WriteAsync(context);
            return;
        }

        Outbox.Take([]); // Found empty, the outbox will announce its next frame.
        PollAnswer answer = Outbox.Count == 0 ? await WaitForFramesAsync(context.RequestAborted) : PollAnswer.Frames;
        Frame[] frames = ArrayPool<Frame>.Shared.Rent(MaxPacketsPerPoll);
        try
        {
            int count = TakeAnswer(answer, frames);
            _polling.End();
            switch (answer)
            {
                case PollAnswer.Gone:
                    Close(new DisconnectReason(DisconnectCause.TransportClose));
                    break;
                case PollAnswer.ShuttingDown:
                    await EngineError.ShuttingDown.WriteAsync(context);
                    break;
                default:
                    await WriteAsync(context, frames.AsMemory(0, count));
                    break;
            }
        }
        finally
        {
            ArrayPool<Frame>.Shared.Return(frames, clearArray: true);
        }
    }

    /// <summary>Takes a POST's packets and answers <c>ok</c>.</summary>
    public async Task PostAsync(HttpContext context)
    {
        if (BeginPost() is { } refusal)
        {
            await refusal.WriteAsync(context);
            return;
        }

        using RequestBody body = await RequestBody.ReadAsync(context, _server.Options.MaxHttpBufferSize);
        EngineError? error = body.Error;
        if (body.WasAborted)
        {
            Close(new DisconnectReason(DisconnectCause.TransportClose));
            return;
        }

        if (error is null)
        {
            error = await OnPayloadAsync(body.Bytes);
        }

        lock (_gate)
        {
            _posting = false; // Before the answer, as the client may post again as soon as it has that.
        }

        if (error is not null)
        {
            await error.WriteAsync(context);
            return;
        }

        context.Response.ContentType = "text/plain; charset=UTF-8";
        context.Response.ContentLength = 2;
        await context.Response.BodyWriter.WriteAsync("ok"u8.ToArray(), context.RequestAborted);
    }

    // Fills the answer; there is always at least one packet. The last one of a session that ends comes when nothing else waits.
    private int TakeAnswer(PollAnswer answer, Frame[] frames)
    {
        bool draining = _state == SessionState.Draining;
        int most = draining ? MaxPacketsPerPoll - 1 : MaxPacketsPerPoll;
        int count = answer == PollAnswer.Frames && Volatile.Read(ref _webSocket) is null ? Outbox.Take(frames.AsSpan(0, most)) : 0;
        if (count > 0 && draining && Outbox.Count == 0)
        {
            frames[count++] = EngineFrames.Close;
            Forget();
        }
        else if (count == 0)
        {
            frames[count++] = answer == PollAnswer.Close ? EngineFrames.Close : EngineFrames.Noop;
        }

        return count;
    }

    private EngineError? BeginPoll()
    {
        lock (_gate)
        {
            if (_state == SessionState.Closed)
            {
                return EngineError.UnknownSession;
            }

            if (_webSocket is not null)
            {
                return EngineError.BadRequest;
            }
        }

        if (_polling.TryBegin())
        {
            return null;
        }

        Close(new DisconnectReason(DisconnectCause.TransportError, "overlapping polls"));
        return EngineError.BadRequest;
    }

    private EngineError? BeginPost()
    {
        lock (_gate)
        {
            if (_state != SessionState.Open)
            {
                return EngineError.UnknownSession;
            }

            if (_webSocket is not null)
            {
                return EngineError.BadRequest;
            }

            if (!_posting)
            {
                _posting = true;
                return null;
            }
        }

        Close(new DisconnectReason(DisconnectCause.TransportError, "overlapping posts"));
        return EngineError.BadRequest;
    }

    private async ValueTask<PollAnswer> WaitForFramesAsync(CancellationToken aborted)
    {
        if (_probed)
        {
            return PollAnswer.Noop;
        }

        await using CancellationTokenRegistration registration = aborted.UnsafeRegister(
            static polling => ((PollingTransport)polling!).Release(PollAnswer.Gone), _polling);
        return await _polling.WaitAsync(Outbox);
    }

    private async Task WriteAsync(HttpContext context, ReadOnlyMemory<Frame> frames)
    {
        int length = PollingPayload.LengthOf(frames.Span);
        context.Response.ContentType = "text/plain; charset=UTF-8";
        context.Response.ContentLength = length;
        context.Response.Headers.CacheControl = "no-store";
        PollingPayload.Write(context.Response.BodyWriter, frames.Span);
        _server.Metrics.OnWritten(frames.Length, length);

        // Not the request's token: a client that closes its connection as soon as it has the whole answer (Connection: close) would look as if it had given up.
        // One that lost the answer ends its session itself, or by the missing pong.
        await context.Response.BodyWriter.FlushAsync(CancellationToken.None);
    }

    private async ValueTask<EngineError?> OnPayloadAsync(ReadOnlyMemory<byte> payload)
    {
        if (!Utf8.IsValid(payload.Span) || payload.IsEmpty)
        {
            Close(new DisconnectReason(DisconnectCause.ParseError, "a malformed payload"));
            return EngineError.BadRequest;
        }

        while (IsOpen && PollingPayload.TryTake(ref payload, out ReadOnlyMemory<byte> packet))
        {
            if (!PollingPayload.IsBinary(packet.Span))
            {
                await OnPacketAsync(packet);
            }
            else if (!await OnBinaryPacketAsync(packet))
            {
                Close(new DisconnectReason(DisconnectCause.ParseError, "a malformed binary packet"));
            }
        }

        return _closedFor == DisconnectCause.ParseError ? EngineError.BadRequest : null;
    }

    private async ValueTask<bool> OnBinaryPacketAsync(ReadOnlyMemory<byte> packet)
    {
        byte[] decoded = ArrayPool<byte>.Shared.Rent(packet.Length);
        try
        {
            if (!PollingPayload.TryDecodeBinary(packet.Span, decoded, out int length))
            {
                return false;
            }

            await DeliverAsync(decoded.AsMemory(0, length), isBinary: true);
            return true;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(decoded);
        }
    }
}
