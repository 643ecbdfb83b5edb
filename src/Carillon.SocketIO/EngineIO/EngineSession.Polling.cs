using System.Buffers;
using Carillon.Connections;
using Microsoft.AspNetCore.Http;

namespace Carillon.SocketIO.EngineIO;

internal sealed partial class EngineSession
{
    // What waits beyond is for the next poll, which comes at once. So a client gets over a burst no faster than its polls go round, and is judged by its progress: each poll
    // that takes frames gives a burst its whole time again.
    private const int MaxPacketsPerPoll = 1024;
    private const int MaxBytesPerPoll = 1024 * 1024;

    // The probe was answered, and a poll comes: the client sent it before it knew, and needs it back to go on; or the packet that completes the upgrade is on
    // its way by the other connection. The reference server looks every 100 ms.
    private static readonly TimeSpan LongestPollWhileUpgrading = TimeSpan.FromMilliseconds(50);
    private long _pollSince;

    /// <summary>
    /// Answers a GET: with what waits, up to 1,024 packets or 1 MiB (16 packets for <see cref="PythonClient"/>), or as soon as something does. The answer to the handshake
    /// holds the open packet alone, as the reference server's does.
    /// </summary>
    public async Task PollAsync(HttpContext context, bool isHandshake = false)
    {
        if (BeginPoll() is { } refusal)
        {
            await refusal.WriteAsync(context);
            return;
        }

        bool isUpgrading = _probed;
        Outbox.Take([]); // Found empty, the outbox will announce its next frame.
        PollAnswer answer = Outbox.Count == 0 ? await WaitForFramesAsync(context.RequestAborted) : PollAnswer.Frames;
        int most = isHandshake ? 1 : PythonClient.IsAsking(context.Request) ? PythonClient.MaxPackets : Math.Clamp(Outbox.Count, 1, MaxPacketsPerPoll);
        Frame[] frames = ArrayPool<Frame>.Shared.Rent(most);
        try
        {
            int count = TakeAnswer(answer, frames.AsSpan(0, most));
            _polling.End();
            switch (answer)
            {
                case PollAnswer.Noop when (isUpgrading || _hasYoungPoll) && Transport == SocketIOTransports.WebSocket:
                    await EngineError.BadRequest.WriteAsync(context); // It came too late.
                    break;
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

    // Fills the answer; there is always at least one packet. The close of a session that ends comes alone, when nothing else waits: in one answer with a
    // namespace's disconnect, the official client would act on the close first, and take the disconnect for a loss.
    private int TakeAnswer(PollAnswer answer, Span<Frame> frames)
    {
        int count = answer == PollAnswer.Frames && Volatile.Read(ref _webSocket) is null ? Outbox.Take(frames, MaxBytesPerPoll, prolongsBurst: true) : 0;
        if (_state == SessionState.Draining)
        {
            Volatile.Write(ref _quietSince, _server.Heartbeat.Time.GetTimestamp()); // It fetches what waits: there is still somebody to tell.
        }

        if (count == 0)
        {
            frames[count++] = answer == PollAnswer.Close ? EngineFrames.Close : EngineFrames.Noop;
            if (answer == PollAnswer.Close)
            {
                Forget();
            }
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

        if (IsPongOverdue())
        {
            Close(new DisconnectReason(DisconnectCause.PingTimeout));
            return EngineError.UnknownSession;
        }

        if (_polling.TryBegin())
        {
            Volatile.Write(ref _pollSince, _server.Heartbeat.Time.GetTimestamp());
            return null;
        }

        Close(new DisconnectReason(DisconnectCause.TransportError, "overlapping polls"));
        return EngineError.BadRequest;
    }

    private async ValueTask<PollAnswer> WaitForFramesAsync(CancellationToken aborted)
    {
        // What releases the poll is looked at after the wait has begun: what happened before was announced to no one.
        ValueTask<PollAnswer> wait = _polling.WaitAsync(Outbox);
        if (Transport == SocketIOTransports.WebSocket)
        {
            _polling.Release(PollAnswer.Noop);
        }

        await using CancellationTokenRegistration registration = aborted.UnsafeRegister(
            static polling => ((PollingTransport)polling!).Release(PollAnswer.Gone), _polling);
        await using ITimer? timer = _probed
            ? _server.Heartbeat.Time.CreateTimer(
                static polling => ((PollingTransport)polling!).Release(PollAnswer.Noop), _polling, LongestPollWhileUpgrading, Timeout.InfiniteTimeSpan)
            : null;
        return await wait;
    }

    private async Task WriteAsync(HttpContext context, ReadOnlyMemory<Frame> frames)
    {
        int length = PollingPayload.LengthOf(frames.Span);
        HttpResponse response = context.Response;
        response.ContentType = PollingPayload.ContentType;
        response.Headers.CacheControl = "no-store";
        if (PayloadCompression.Choose(_server.Options.HttpCompression, context, frames.Span, length) is { } encoding)
        {
            length = PayloadCompression.Write(response, encoding, _server.Options.HttpCompression!.Level, frames.Span);
        }
        else
        {
            response.ContentLength = length;
            PollingPayload.Write(response.BodyWriter, frames.Span);
        }

        _server.Metrics.OnWritten(frames.Length, length);

        // Not the request's token: a client that closes its connection as soon as it has the whole answer (Connection: close) would look as if it had given up.
        // One that lost the answer ends its session itself, or by the missing pong.
        await response.BodyWriter.FlushAsync(CancellationToken.None);
    }
}
