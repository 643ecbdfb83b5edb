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
        if (BeginPost(context.Request) is { } refusal)
        {
            await refusal.WriteAsync(context);
            return;
        }

        using RequestBody body = await RequestBody.ReadAsync(context, _server.Options.MaxHttpBufferSize);
        if (body.WasAborted)
        {
            Close(new DisconnectReason(DisconnectCause.TransportClose));
        }

        EngineError? error;
        try
        {
            error = body.Error ?? await WatchAsync(OnPayloadAsync(body.Bytes), context.RequestAborted);
        }
        finally
        {
            lock (_gate)
            {
                _posting = false; // Before the answer, as the client may post again as soon as it has that.
            }
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

    private EngineError? BeginPost(HttpRequest request)
    {
        string violation;
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
            if (!isBinary && !_posting)
            {
                _posting = true;
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
