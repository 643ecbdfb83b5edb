using System.Text.Unicode;
using Microsoft.AspNetCore.Http;

namespace Carillon.SocketIO.EngineIO;

internal sealed partial class EngineSession
{
    // A client closes with a poll under way; the two come by different connections, and the poll may be the later one to arrive.
    private static readonly TimeSpan LongestGapToPoll = TimeSpan.FromMilliseconds(10);

    /// <summary>Takes a POST's packets and answers <c>ok</c>; drops them if the session was closed and the client will learn it by its polls.</summary>
    public async Task PostAsync(HttpContext context)
    {
        if (await BeginPostAsync(context.Request) is { } refusal)
        {
            // Refused, the official client would take it for a fault of the transport and come back, before it has read that it was sent away.
            await (_state == SessionState.Draining ? AnswerOkAsync(context) : refusal.WriteAsync(context));
            return;
        }

        RequestBody body = await RequestBody.ReadAsync(context, _server.Options.MaxHttpBufferSize);
        if (body.WasAborted)
        {
            Close(new DisconnectReason(DisconnectCause.TransportClose));
        }

        BeginTaking();
        ValueTask<EngineError?> taking = TakeAsync(body);
        if ((taking.IsCompleted ? await taking : await WatchAsync(taking.AsTask(), context.RequestAborted)) is { } error)
        {
            await error.WriteAsync(context);
            return;
        }

        await AnswerOkAsync(context);
    }

    private static async Task AnswerOkAsync(HttpContext context)
    {
        context.Response.ContentType = PollingPayload.ContentType;
        context.Response.ContentLength = 2;
        context.Response.Headers.CacheControl = "no-store";
        await context.Response.BodyWriter.WriteAsync("ok"u8.ToArray(), CancellationToken.None);
    }

    private async ValueTask<EngineError?> TakeAsync(RequestBody body)
    {
        try
        {
            return body.Error ?? await OnPayloadAsync(body.Bytes);
        }
        finally
        {
            body.Dispose();
            EndPost(); // Before the answer, as the client may post again as soon as it has that.
        }
    }

    // A client that gives up a post while handlers keep it waiting has left. One that upgrades waits for its POST's answer before it switches over, and polls no more, so
    // that handlers may wait for it in turn: it gets the answer, and the rest of the packets is taken before anything else that it sends.
    private async ValueTask<EngineError?> WatchAsync(Task<EngineError?> taking, CancellationToken aborted)
    {
        await using CancellationTokenRegistration registration = aborted.UnsafeRegister(
            static session => ((EngineSession)session!).CloseLater(new DisconnectReason(DisconnectCause.TransportClose)), this);
        await Task.WhenAny(taking, WaitForProbeAsync());
        return taking.IsCompleted ? await taking : null;
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
