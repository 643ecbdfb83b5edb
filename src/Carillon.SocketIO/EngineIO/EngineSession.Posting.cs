using System.Text.Unicode;
using Microsoft.AspNetCore.Http;

namespace Carillon.SocketIO.EngineIO;

internal sealed partial class EngineSession
{
    // A client closes with a poll under way; the two come by different connections, and the poll may be the later one to arrive.
    private static readonly TimeSpan LongestGapToPoll = TimeSpan.FromMilliseconds(10);

    /// <summary>Takes a POST's packets and answers <c>ok</c>.</summary>
    public async Task PostAsync(HttpContext context)
    {
        if (await BeginPostAsync(context.Request) is { } refusal)
        {
            await refusal.WriteAsync(context);
            return;
        }

        using RequestBody body = await RequestBody.ReadAsync(context, _server.Options.MaxHttpBufferSize);
        if (body.WasAborted)
        {
            Close(new DisconnectReason(DisconnectCause.TransportClose));
        }

        lock (_gate)
        {
            _post = PostPhase.Taking;
        }

        EngineError? error;
        try
        {
            error = body.Error ?? await WatchAsync(OnPayloadAsync(body.Bytes), context.RequestAborted);
        }
        finally
        {
            EndPost(); // Before the answer, as the client may post again as soon as it has that.
        }

        if (error is not null)
        {
            await error.WriteAsync(context);
            return;
        }

        context.Response.ContentType = PollingPayload.ContentType;
        context.Response.ContentLength = 2;
        context.Response.Headers.CacheControl = "no-store";
        await context.Response.BodyWriter.WriteAsync("ok"u8.ToArray(), CancellationToken.None);
    }

    // Only one that comes while another's body is on its way overlaps it. Clients that act on what their packets were answered with, before they have the POST's own
    // answer, are none of the worse for it at the reference server, which takes packets at once; here the second POST waits for the first.
    private async ValueTask<EngineError?> BeginPostAsync(HttpRequest request)
    {
        if (BeginPost(request, out Task? earlier) is { } refusal)
        {
            return refusal;
        }

        if (earlier is null)
        {
            return null;
        }

        await earlier;
        if (IsOpen && Volatile.Read(ref _webSocket) is null)
        {
            return null;
        }

        EndPost();
        return EngineError.UnknownSession;
    }

    private void EndPost()
    {
        TaskCompletionSource? next;
        lock (_gate)
        {
            next = _nextPost ?? _postsEnded;
            _post = _nextPost is null ? PostPhase.None : PostPhase.Reading;
            _nextPost = null;
        }

        next?.TrySetResult();
    }

    private EngineError? BeginPost(HttpRequest request, out Task? earlier)
    {
        string violation;
        earlier = null;
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

            // Revision 4 has no binary payloads; the reference server refuses those of revision 3 in the same way.
            bool isBinary = request.ContentType is { } type && type.StartsWith("application/octet-stream", StringComparison.OrdinalIgnoreCase);
            if (!isBinary && _post == PostPhase.None)
            {
                _post = PostPhase.Reading;
                return null;
            }

            if (!isBinary && _post == PostPhase.Taking && _nextPost is null)
            {
                _nextPost = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                earlier = _nextPost.Task;
                return null;
            }

            violation = isBinary ? "a binary payload" : "overlapping posts";
        }

        Close(new DisconnectReason(DisconnectCause.TransportError, violation));
        return EngineError.BadRequest;
    }

    // A client that gives up a post while handlers keep it waiting has left.
    private async ValueTask<EngineError?> WatchAsync(ValueTask<EngineError?> taken, CancellationToken aborted)
    {
        if (taken.IsCompleted)
        {
            return await taken;
        }

        await using CancellationTokenRegistration registration = aborted.UnsafeRegister(
            static session => ((EngineSession)session!).CloseLater(new DisconnectReason(DisconnectCause.TransportClose)), this);
        return await taken;
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
            if (packet.Span is [(byte)EnginePacketType.Close, ..] && !_polling.IsInProgress)
            {
                await Task.Delay(LongestGapToPoll);
            }

            await OnPacketAsync(packet);
        }

        return _closedFor == DisconnectCause.ParseError ? EngineError.BadRequest : null;
    }
}
