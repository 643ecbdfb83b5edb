using Carillon.Access;
using Carillon.Consumers;
using Carillon.Errors;
using Carillon.Sessions;
using Carillon.Topics;

namespace Carillon.AspNetCore.WebSockets;

internal sealed partial class TopicSocketConnection
{
    private async ValueTask DoAsync(SocketCommand command)
    {
        if (command.Type == CommandType.Subscribe)
        {
            await _answers.WhenEmptyAsync(); // So that its answer is sent before the kept messages.
        }

        AnswerQueue.Place place = _answers.Reserve();
        try
        {
            switch (command.Type)
            {
                case CommandType.Ping:
                    OnClientPing();
                    _answers.Fill(place, SocketAnswer.PongWith(command.Nonce.Span));
                    break;
                case CommandType.Subscribe:
                    await SubscribeAsync(command, place);
                    break;
                case CommandType.Unsubscribe:
                    await UnsubscribeAsync(command, place);
                    break;
                case CommandType.Publish:
                    await PublishAsync(command, place);
                    break;
                case CommandType.Consumed:
                    await ConsumedAsync(command, place);
                    break;
                case CommandType.Authenticate:
                    await AuthenticateAsync(command, place);
                    break;
            }
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            LogFault(fault, _id);
            _answers.Fill(place, SocketAnswer.Refused(new TopicRefusal(null, Fault), command.Nonce.Span));
        }
    }

    private async ValueTask SubscribeAsync(SocketCommand command, AnswerQueue.Place place)
    {
        (Requester? requester, Error? error) = await IdentifyAsync(command);
        if (error is not null)
        {
            RefuseAll(command, place, error);
            return;
        }

        var request = new SubscribeRequest
        {
            Topics = command.Topics,
            EachByItself = true,
            Consumer = command.Consumer,
            Requester = requester,
            Subscriber = this,
            Confirm = result => _answers.Fill(place, SocketAnswer.Topics(
                command.Topics.Select(static wanted => wanted.Topic).Where(topic => !result.Refusals.ContainsKey(topic)),
                [.. result.Refusals.Select(static refused => new TopicRefusal(refused.Key.Value, refused.Value)), .. command.Misnamed],
                command.Nonce.Span,
                result.Starts)),
        };
        if ((await _session.SubscribeAsync(request, CancellationToken.None)).Error is { } refused)
        {
            RefuseAll(command, place, refused);
        }
    }

    private async ValueTask UnsubscribeAsync(SocketCommand command, AnswerQueue.Place place)
    {
        TopicName[] topics = [.. command.Topics.Select(static wanted => wanted.Topic)];
        if (await _session.UnsubscribeAsync(topics, CancellationToken.None) is { } refused)
        {
            RefuseAll(command, place, refused);
            return;
        }

        _answers.Fill(place, SocketAnswer.Topics(topics, command.Misnamed, command.Nonce.Span));
    }

    private async ValueTask ConsumedAsync(SocketCommand command, AnswerQueue.Place place)
    {
        Consumption consumption = command.Consumption!;
        ConsumptionResult result = await _session.ConsumedAsync(consumption, CancellationToken.None);
        _answers.Fill(place, SocketAnswer.Consumed(consumption.Topic, result, command.Nonce.Span));
    }

    private async ValueTask AuthenticateAsync(SocketCommand command, AnswerQueue.Place place)
    {
        (Requester? requester, Error? error) = await IdentifyAsync(command);
        if (error is not null)
        {
            _answers.Fill(place, SocketAnswer.Refused(new TopicRefusal(null, error), command.Nonce.Span));
            return;
        }

        await _session.SetRequesterAsync(requester!, CancellationToken.None);
        _answers.Fill(place, SocketAnswer.Authenticated(requester!.Identities, requester.ValidUntil, command.Nonce.Span));
    }

    /// <summary>Whom the command's own token names; neither he nor an error if it has none.</summary>
    private async ValueTask<(Requester? Requester, Error? Error)> IdentifyAsync(SocketCommand command)
    {
        if (command.Token is not { } token)
        {
            return (null, null);
        }

        TokenResult result = await _server.Verifiers.VerifyAsync(token.Type, token.Token, CancellationToken.None);
        return result.Accepted ? (_session.Requester.With(result.Token), null) : (null, result.Error);
    }

    private void RefuseAll(SocketCommand command, AnswerQueue.Place place, Error error) =>
        _answers.Fill(place, SocketAnswer.Topics(
            [], [.. command.Topics.Select(wanted => new TopicRefusal(wanted.Topic.Value, error)), .. command.Misnamed], command.Nonce.Span));
}
