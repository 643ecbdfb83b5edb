using System.Collections.Concurrent;
using Carillon.Access;
using Carillon.Consumers;
using Carillon.Deliveries;
using Carillon.Diagnostics;
using Carillon.Errors;
using Carillon.Topics.Filters;

namespace Carillon.Topics;

/// <summary>A session's live subscription to one topic, or to all that a pattern matches.</summary>
internal sealed class Subscription(ISubscriptionSet set, ISubscriber subscriber, SubscriptionRecord record, DeliveryMark mark)
{
    private volatile bool _ended;
    private volatile ConcurrentDictionary<TopicName, Decision>? _mayRead;

    /// <summary>The topic, the topic with its filters, or the pattern.</summary>
    public TopicName Name => Record.Topic;

    /// <summary>Where fan-out finds it.</summary>
    public ISubscriptionSet Set { get; } = set;

    /// <summary>The session's, shared by all of its subscriptions.</summary>
    public DeliveryMark Mark { get; } = mark;

    public ISubscriber Subscriber { get; } = subscriber;

    public SubscriptionRecord Record { get; } = record;

    /// <summary>Who was allowed to subscribe.</summary>
    public Requester Requester { get; set; } = Requester.Anonymous;

    /// <summary>The composition of the topic that it was last decided by; null for a pattern. Belongs to the session.</summary>
    public Topic? DecidedOn { get; set; }

    public bool HasEnded => _ended;

    /// <summary>What it selects of the topic's messages; null for all.</summary>
    public SubscriptionFilter? Filter { get; init; }

    /// <summary>What its session gets of the topic, by this subscription and others; null for a pattern, and before it goes live.</summary>
    public Feed? Feed { get; set; }

    /// <summary>Decides whether a pattern's subscriber may read a topic, before fan-out has to know. Of a topic that is open to everyone it knows by itself.</summary>
    public async ValueTask DecideAsync(Topic topic, HubFaults faults, CancellationToken cancellationToken)
    {
        Error? error = await topic.Subscribers.DecideAsync(new AccessRequest(Requester, topic.Name, AccessKind.Subscribe), faults, cancellationToken);
        _mayRead ??= new ConcurrentDictionary<TopicName, Decision>();
        _mayRead[topic.Name] = _mayRead.TryGetValue(topic.Name, out Decision before)
            ? new Decision(topic, error is null, before.Composition, before.MayRead)
            : new Decision(topic, error is null, Former: null, MightRead: false);
    }

    /// <summary>Forgets what was decided about a topic, which is no more.</summary>
    public void Forget(TopicName topic) => _mayRead?.TryRemove(topic, out _);

    /// <summary>Forgets what <see cref="DecideAsync"/> decided.</summary>
    public void ForgetDecisions() => _mayRead = null;

    /// <summary>Whether a pattern's subscriber may read a topic; what was not decided is refused.</summary>
    public bool MayRead(LiveTopic topic)
    {
        Topic composition = topic.Composition;
        return ReferenceEquals(composition.Subscribers, TopicAccess.Anyone)
            || (_mayRead is { } decided && decided.TryGetValue(topic.Name, out Decision decision) && decision.Allows(composition));
    }

    /// <summary>Gives the subscriber what it selects of a delivery, unless it has ended.</summary>
    /// <returns>How many messages it took.</returns>
    public int TryDeliver(Delivery delivery)
    {
        if (_ended)
        {
            return 0;
        }

        Delivery? selected = Filter is { } filter ? delivery.Select(filter, ((LiveTopic)Set).Composition.Filters) : delivery;
        return selected is not null && Subscriber.TryDeliver(selected) ? selected.Messages.Length : 0;
    }

    /// <summary>Nothing is delivered from here on, although a fan-out under way may still hold this subscription.</summary>
    public void End()
    {
        _ended = true;
        Set.Remove(this);
    }

    /// <summary>Another one has taken its place: whatever still holds this one delivers nothing for it.</summary>
    public void EndAsReplaced() => _ended = true;

    // Of two compositions, as one is decided on before it takes the place of the other. Any other one is undecided.
    private readonly record struct Decision(Topic Composition, bool MayRead, Topic? Former, bool MightRead)
    {
        public bool Allows(Topic composition) =>
            ReferenceEquals(composition, Composition) ? MayRead : MightRead && ReferenceEquals(composition, Former);
    }
}
