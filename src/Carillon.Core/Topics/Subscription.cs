using System.Collections.Concurrent;
using Carillon.Access;
using Carillon.Consumers;
using Carillon.Deliveries;
using Carillon.Diagnostics;
using Carillon.Errors;
using Carillon.Resuming;
using Carillon.Topics.Filters;

namespace Carillon.Topics;

/// <summary>A session's live subscription to one topic, or to all that a pattern matches.</summary>
internal sealed class Subscription(ISubscriptionSet set, ISubscriber subscriber, SubscriptionRecord record, DeliveryMark mark)
{
    private volatile bool _ended;
    private volatile CatchUp? _catchUp;
    private volatile SubscriptionFilter? _filter;
    private volatile ConcurrentDictionary<Topic, bool>? _mayRead; // By composition: one that changes is decided anew.

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

    public bool HasEnded => _ended;

    /// <summary>What it selects of the topic's messages; null for all. The session sets it anew when its other subscriptions to the topic change.</summary>
    public SubscriptionFilter? Filter
    {
        get => _filter;
        set => _filter = value;
    }

    /// <summary>Decides whether a pattern's subscriber may read a topic, before fan-out has to know. Of a topic that is open to everyone it knows by itself.</summary>
    public async ValueTask DecideAsync(Topic topic, HubFaults faults, CancellationToken cancellationToken)
    {
        Error? error = await topic.Subscribers.DecideAsync(new AccessRequest(Requester, topic.Name, AccessKind.Subscribe), faults, cancellationToken);
        _mayRead ??= new ConcurrentDictionary<Topic, bool>(ReferenceEqualityComparer.Instance);
        _mayRead[topic] = error is null;
    }

    /// <summary>Forgets what <see cref="DecideAsync"/> decided.</summary>
    public void ForgetDecisions() => _mayRead = null;

    /// <summary>Whether a pattern's subscriber may read a topic; what was not decided is refused.</summary>
    public bool MayRead(LiveTopic topic)
    {
        Topic composition = topic.Composition;
        return ReferenceEquals(composition.Subscribers, TopicAccess.Anyone)
            || (_mayRead is { } decided && decided.TryGetValue(composition, out bool may) && may);
    }

    /// <summary>Gives the subscriber what the filter selects.</summary>
    /// <returns>How many messages it took.</returns>
    public int Deliver(Delivery delivery)
    {
        if (_filter is { } filter)
        {
            delivery = delivery.Select(filter, ((LiveTopic)Set).Composition.Filters);
        }

        int count = delivery.Messages.Length;
        return count > 0 && Subscriber.TryDeliver(delivery) ? count : 0;
    }

    /// <summary>Has <paramref name="catchUp"/> decide what is delivered until fan-out alone does. To be called before fan-out knows the subscription.</summary>
    public void BeginWith(CatchUp catchUp) => _catchUp = catchUp;

    /// <summary>Gives the subscriber what it is to get of a delivery now.</summary>
    /// <returns>How many messages it took.</returns>
    public int TryDeliver(Delivery delivery)
    {
        if (_ended)
        {
            return 0;
        }

        return _catchUp is { } catchUp ? Offer(catchUp, delivery) : Deliver(delivery);
    }

    /// <summary>Nothing is delivered from here on, although a fan-out under way may still hold this subscription.</summary>
    public void End()
    {
        _ended = true;
        Set.Remove(this);
    }

    private int Offer(CatchUp catchUp, Delivery delivery)
    {
        int delivered = catchUp.Offer(delivery);
        if (catchUp.IsOver)
        {
            _catchUp = null;
        }

        return delivered;
    }
}
