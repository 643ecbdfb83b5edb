using Carillon.Access;
using Carillon.Consumers;
using Carillon.Deliveries;
using Carillon.Topics.Filters;
using Carillon.Topics.Patterns;

namespace Carillon.Topics;

/// <summary>A session's live subscription to one topic, or to all that a pattern matches.</summary>
internal sealed class Subscription(ISubscriptionSet set, ISubscriber subscriber, SubscriptionRecord record, DeliveryMark mark)
{
    private const int Free = 0;
    private const int Held = 1;
    private const int Withheld = 2; // Held, and something was not delivered because of that.

    private volatile bool _ended;
    private volatile ReadDecisions? _decisions;
    private int _hold;

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

    /// <summary>Which guarded topics a pattern's subscriber may read. Of those that are open to everyone it knows by itself.</summary>
    public ReadDecisions? Decisions
    {
        get => _decisions;
        set => _decisions = value;
    }

    /// <summary>Whether a pattern's subscriber may read a topic; what was not decided is refused, and everything guarded while the subscription is held.</summary>
    public bool MayRead(LiveTopic topic)
    {
        Topic composition = topic.Composition;
        return ReferenceEquals(composition.Subscribers, TopicAccess.Anyone) || (_decisions is { } decisions && decisions.Allow(composition) && !Withholds());
    }

    /// <summary>
    /// Has nothing guarded delivered until <see cref="TryRelease"/>: what the subscriber was allowed by has ended, and it is not decided yet whether it may stay. May be called again.
    /// </summary>
    public void Hold() => Interlocked.CompareExchange(ref _hold, Held, Free);

    /// <summary>Ends <see cref="Hold"/>, of one to whom nothing guarded was due.</summary>
    public void Release() => Volatile.Write(ref _hold, Free);

    /// <summary>Ends <see cref="Hold"/>.</summary>
    /// <returns>False when a message was withheld meanwhile: it would be missing, so the subscription must end.</returns>
    public bool TryRelease() => Interlocked.CompareExchange(ref _hold, Free, Held) != Withheld;

    /// <summary>Whether nothing guarded is delivered now (<see cref="Hold"/>). To be asked for each message that would be delivered: those that were asked for are withheld.</summary>
    public bool Withholds() => Volatile.Read(ref _hold) != Free && Interlocked.CompareExchange(ref _hold, Withheld, Held) != Free;

    /// <summary>Gives the subscriber what it selects of a delivery, unless it has ended.</summary>
    /// <returns>How many messages it took.</returns>
    public int TryDeliver(Delivery delivery)
    {
        if (_ended)
        {
            return 0;
        }

        Delivery? selected = Filter is { } filter ? delivery.Select(filter, ((LiveTopic)Set).Composition.Filters) : delivery;
        return selected is not null && (Set is not LiveTopic || !Withholds()) && Subscriber.TryDeliver(selected) ? selected.Messages.Length : 0;
    }

    /// <summary>Nothing is delivered from here on, although a fan-out under way may still hold this subscription.</summary>
    public void End()
    {
        _ended = true;
        Set.Remove(this);
    }

    /// <summary>Another one has taken its place: whatever still holds this one delivers nothing for it.</summary>
    public void EndAsReplaced() => _ended = true;
}
