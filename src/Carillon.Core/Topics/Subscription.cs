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

    /// <summary>What <see cref="TryDeliver"/> returns when somebody else of the session may take it instead.</summary>
    internal const int NotTaken = -1;

    private volatile bool _ended;
    private volatile Subscription? _successor;
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

    /// <summary>Whether nothing more is delivered for it. A pattern that was replaced goes on as the one that has its place.</summary>
    public bool HasEnded => Latest._ended;

    /// <summary>The pattern that has its place now; itself if it was not replaced, or names a topic.</summary>
    public Subscription Latest
    {
        get
        {
            Subscription latest = this;
            while (latest._successor is { } successor)
            {
                latest = successor;
            }

            return latest;
        }
    }

    /// <summary>Whether <see cref="Hold"/> is in force.</summary>
    public bool IsHeld => Volatile.Read(ref Latest._hold) != Free;

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

    /// <summary>Whether a pattern's subscriber may read a topic, held or not: asking withholds nothing.</summary>
    public bool Reads(LiveTopic topic)
    {
        Topic composition = topic.Composition;
        return ReferenceEquals(composition.Subscribers, TopicAccess.Anyone) || Latest.Decisions?.Allow(composition) == true;
    }

    /// <summary>Whether it is to be given a message of a topic now. To be asked for each that would be delivered, like <see cref="Withholds"/>.</summary>
    public bool MayTake(LiveTopic topic)
    {
        while (true)
        {
            Subscription latest = Latest;
            if (!latest._ended && (latest.Set is LiveTopic ? !latest.Withholds() : latest.MayRead(topic)) && !latest._ended)
            {
                return true; // Asked last whether it has ended: one that is replaced is held no more.
            }

            if (latest._successor is null)
            {
                return false;
            }
        }
    }

    /// <summary>Gives the subscriber what it selects of a topic's delivery.</summary>
    /// <returns>How many messages it took, or <see cref="NotTaken"/> when it has ended or may not have them.</returns>
    public int TryDeliver(Delivery delivery, LiveTopic topic)
    {
        Delivery? selected = Filter is { } filter ? delivery.Select(filter, topic.Composition.Filters) : delivery;
        if (selected is null)
        {
            return 0;
        }

        return !MayTake(topic) ? NotTaken : Latest.Subscriber.TryDeliver(selected) ? selected.Messages.Length : 0;
    }

    /// <summary>Nothing is delivered from here on, although a fan-out under way may still hold this subscription.</summary>
    public void End()
    {
        _ended = true;
        Set.Remove(this);
    }

    /// <summary>Another one has taken its place in the set: whatever still holds this one delivers for that one instead.</summary>
    /// <returns>False when a message was withheld from this one: it will be missing.</returns>
    public bool EndAsReplaced(Subscription successor)
    {
        _successor = Set is LiveTopic ? null : successor; // At a topic, what the session gets now is found in its feed.
        _ended = true;
        return Interlocked.Exchange(ref _hold, Free) != Withheld;
    }
}
