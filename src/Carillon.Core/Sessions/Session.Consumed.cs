using Carillon.Access;
using Carillon.Consumers;
using Carillon.Errors;
using Carillon.Topics;
using Carillon.Topics.Patterns;

namespace Carillon.Sessions;

public sealed partial class Session
{
    /// <summary>
    /// Records that a consumer has processed a message, as <see cref="Hubs.Hub.ConsumedAsync"/> does, if the client may read the topic: it holds a subscription to it, or might as whom it is now.
    /// </summary>
    public async ValueTask<ConsumptionResult> ConsumedAsync(Consumption consumption, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(consumption);
        if (_hub.Topics.Find(consumption.Topic) is { IsGuarded: true } topic && await CheckReaderAsync(topic, cancellationToken) is { } error)
        {
            return new ConsumptionResult(error, Duplicate: false);
        }

        return await _hub.ConsumedAsync(consumption, cancellationToken);
    }

    // A subscription may have been allowed by a request's own token, and says so without asking again.
    private async ValueTask<Error?> CheckReaderAsync(LiveTopic topic, CancellationToken cancellationToken)
    {
        await _oneAtATime.WaitAsync(cancellationToken);
        try
        {
            if (_subscriptions.Values.Any(subscription => Covers(subscription, topic)))
            {
                return null;
            }
        }
        finally
        {
            _oneAtATime.Release();
        }

        var question = new AccessRequest(Requester, topic.Name, AccessKind.Subscribe);
        return await topic.Composition.Subscribers.DecideAsync(question, _hub.Faults, cancellationToken);
    }

    private bool Covers(Subscription subscription, LiveTopic topic) =>
        ReferenceEquals(subscription.Set, topic) || (subscription.Set is PatternIndex && _hub.Segments.Matches(subscription.Name, topic.Name) && subscription.MayRead(topic));
}
