using System.Text.Json;
using Carillon.Access;
using Carillon.AspNetCore.Commands;
using Carillon.Errors;
using Carillon.Publishing;
using Carillon.SocketIO;
using Carillon.Topics;
using Microsoft.Extensions.Logging;

namespace Carillon.AspNetCore.Dialects;

internal sealed partial class TopicClient
{
    /// <summary>Publishes of one socket that may wait for the disk; the next event is read when one of them is done.</summary>
    private const int MaxPublishesInFlight = 256;

    private SemaphoreSlim? _publishes;

    /// <summary>Returns when the publish is on its way, so that the commits of many publishes of one socket overlap; order is that of the events.</summary>
    private async ValueTask PublishAsync(SocketEvent received)
    {
        if (!PublishCommand.TryRead(Argument(received), _hub.Options.MaxPayloadBytes, out PublishRequest? request, out TokenClaim? authorization, out Error? error))
        {
            Refuse(received, error);
            return;
        }

        (Requester? own, error) = await IdentifyAsync(authorization);
        if (error is not null)
        {
            Refuse(received, error);
            return;
        }

        request = request.For(own ?? _session.Requester);
        Admission admission = await _hub.AdmitAsync(request, CancellationToken.None);
        _publishes ??= new SemaphoreSlim(MaxPublishesInFlight, MaxPublishesInFlight);
        await _publishes.WaitAsync(); // Not before: what fails above would never give its place back.
        ValueTask<PublishResult> result = admission.Accepted
            ? _hub.StoreAsync(admission.Request, CancellationToken.None)
            : new ValueTask<PublishResult>(PublishResult.Refused(admission.Error));
        _ = FinishAsync(received, request.Topic, result);
    }

    private async Task FinishAsync(SocketEvent received, TopicName topic, ValueTask<PublishResult> pending)
    {
        try
        {
            PublishResult result = await pending;
            JsonBuffer answer = JsonBuffer.Start(out Utf8JsonWriter json);
            Answer.Publish(json, topic, result);
            received.AcknowledgeJson(answer.Written);
            if (!result.Accepted)
            {
                LogRefused(received.Name, _socket.Id, result.Error.Code);
            }
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            LogFault(fault, _socket.Id);
            Refuse(received, new Error(ErrorCode.Internal, "The server failed to publish; its log has the cause"));
        }
        finally
        {
            _publishes!.Release();
        }
    }

    [LoggerMessage(2, LogLevel.Error, "A publish of socket {Socket} failed")]
    private partial void LogFault(Exception fault, string socket);
}
