using Carillon.Access;
using Carillon.Engines;
using Carillon.Errors;
using Carillon.Hubs;
using Carillon.Resuming;
using Carillon.Topics;

namespace Carillon.Sessions;

public sealed partial class Session
{
    // To be asked when the subscription is live: who composes the topic anew after that finds it there.
    private async ValueTask<Error?> CheckAsync(Subscription subscription, LiveTopic topic, CancellationToken cancellationToken)
    {
        while (ReferenceEquals(_hub.Topics.Find(topic.Name), topic))
        {
            Topic composition = topic.Composition;
            if (ReferenceEquals(composition, subscription.DecidedOn))
            {
                return null;
            }

            if (await DecideAsync(subscription, composition, cancellationToken) is { } error)
            {
                return error;
            }

            subscription.DecidedOn = composition;
            if (subscription.Requester.IsValidAt(_hub.Time.GetUtcNow()) && !topic.TryRelease(subscription)) // It was withheld because it was not decided yet.
            {
                return Withheld(subscription.Name);
            }
        }

        return Hub.UnknownTopic(topic.Name);
    }

    private async ValueTask<Error?> DecideAsync(Subscription subscription, Topic composition, CancellationToken cancellationToken)
    {
        if (subscription.Filter is not null && composition.Filters.Count == 0)
        {
            return Hub.UnknownTopic(subscription.Name); // It would never be given anything.
        }

        return ReferenceEquals(composition.Subscribers, TopicAccess.Anyone)
            ? null
            : await composition.Subscribers.DecideAsync(new AccessRequest(subscription.Requester, composition.Name, AccessKind.Subscribe), _hub.Faults, cancellationToken);
    }

    // Null when nothing is to be caught up with or told. Who subscribes again for new messages only goes on where it is, a catch-up included: what it got so far, and what fan-out has in
    // hand, it would else miss or get twice.
    private Resumption? BeginWith(Subscription subscription, LiveTopic topic, WantedTopic wish)
    {
        Subscription? replaced = _subscriptions.GetValueOrDefault(subscription.Name);
        Feed? others = topic.Composition.Filters.Count > 0 || ReferenceEquals(replaced?.Set, topic)
            ? _subscriptions.Values.FirstOrDefault(other => ReferenceEquals(other.Set, topic) && !other.HasEnded)?.Feed
            : null;
        Feed feed = topic.FeedOf(subscription, others);
        bool onlyNew = wish.Since is null || ReferenceEquals(wish.Since, Since.Now);
        if (onlyNew && replaced is { HasEnded: false } && ReferenceEquals(replaced.Feed, feed))
        {
            feed.HandOver(replaced, subscription);
            return wish.Since is null ? null : Resumption.GoingOn(feed, subscription, EngineOf(topic), _hub.Faults);
        }

        return (onlyNew && topic.Composition.RetainLast ? Since.Last : wish.Since) is { } since
            ? new Resumption(feed, subscription, since, EngineOf(topic), _catchUpTurn ??= new SemaphoreSlim(1, 1), _hub.Faults)
            : null;
    }

    private ITopicEngine EngineOf(LiveTopic topic) => _hub.Engines.Of(topic.Name);

    private Error? RefuseFilter(TopicName name, Placement place, List<Subscription> added)
    {
        if (place.Words.Count == 0)
        {
            return null;
        }

        int most = _hub.Options.MaxFiltersPerTopic;
        int count = _subscriptions.Values.Concat(added).Where(other => other.Filter is not null && ReferenceEquals(other.Set, place.Topic)).Select(other => other.Name).Append(name).Distinct().Count();
        return count <= most ? null : new Error(ErrorCode.TooManySubscriptions, $"A session may select from topic '{place.Topic!.Name}' in at most {most} ways", "topics");
    }
}
