using System.Diagnostics.CodeAnalysis;
using Carillon.Access;
using Carillon.Errors;
using Carillon.Publishing;

namespace Carillon.AspNetCore.WebSockets;

[SuppressMessage("Reliability", "CA1001", Justification = "The semaphore is never waited on by handle, so it holds nothing to dispose of.")]
internal sealed partial class TopicSocketConnection
{
    /// <summary>Publishes of one connection that may wait for the disk; the next command is read when one of them is done.</summary>
    private const int MaxPublishesInFlight = 256;

    private SemaphoreSlim? _publishes;

    /// <summary>Returns when the publish is on its way, so that the commits of many publishes of one connection overlap; order is that of the commands.</summary>
    private async ValueTask PublishAsync(SocketCommand command, AnswerQueue.Place place)
    {
        PublishRequest request = command.Publish!;
        (Requester? requester, Error? error) = await IdentifyAsync(command);
        if (error is not null)
        {
            _answers.Fill(place, SocketAnswer.Refused(new TopicRefusal(request.Topic.Value, error), command.Nonce.Span));
            return;
        }

        if (requester is not null)
        {
            request = new PublishRequest { Topic = request.Topic, MessageId = request.MessageId, Producer = request.Producer, Payload = request.Payload, Requester = requester };
        }

        Admission admission = await _server.Hub.AdmitAsync(request, CancellationToken.None);
        if (!admission.Accepted)
        {
            _answers.Fill(place, SocketAnswer.Refused(new TopicRefusal(request.Topic.Value, admission.Error), command.Nonce.Span));
            return;
        }

        _publishes ??= new SemaphoreSlim(MaxPublishesInFlight, MaxPublishesInFlight);
        await _publishes.WaitAsync();
        _ = StoreAsync(admission.Request, command, place);
    }

    // The engine has the message before anything is awaited.
    private async Task StoreAsync(PublishRequest request, SocketCommand command, AnswerQueue.Place place)
    {
        try
        {
            PublishResult result = await _server.Hub.StoreAsync(request, CancellationToken.None);
            _answers.Fill(place, SocketAnswer.Published(request.Topic, result, command.Nonce.Span));
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            LogFault(fault, _id);
            _answers.Fill(place, SocketAnswer.Refused(new TopicRefusal(request.Topic.Value, Fault), command.Nonce.Span));
        }
        finally
        {
            _publishes!.Release();
        }
    }
}
