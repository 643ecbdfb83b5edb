using Carillon.Consumers;
using Carillon.Deliveries;
using Carillon.Resuming;

namespace Carillon.Topics;

/// <summary>A session's live subscription to one topic, or to all that a pattern matches.</summary>
internal sealed class Subscription(ISubscriptionSet set, ISubscriber subscriber, SubscriptionRecord record, DeliveryMark mark)
{
    private volatile bool _ended;
    private volatile CatchUp? _catchUp;

    /// <summary>The topic, or the pattern.</summary>
    public TopicName Name => Record.Topic;

    /// <summary>Where fan-out finds it.</summary>
    public ISubscriptionSet Set { get; } = set;

    /// <summary>The session's, shared by all of its subscriptions.</summary>
    public DeliveryMark Mark { get; } = mark;

    public ISubscriber Subscriber { get; } = subscriber;

    public SubscriptionRecord Record { get; } = record;

    public bool HasEnded => _ended;

    /// <summary>Has <paramref name="catchUp"/> decide what is delivered until fan-out alone does. To be called before fan-out knows the subscription.</summary>
    public void BeginWith(CatchUp catchUp) => _catchUp = catchUp;

    public bool TryDeliver(Delivery delivery)
    {
        if (_ended)
        {
            return false;
        }

        return _catchUp is { } catchUp ? Offer(catchUp, delivery) : Subscriber.TryDeliver(delivery);
    }

    /// <summary>Nothing is delivered from here on, although a fan-out under way may still hold this subscription.</summary>
    public void End()
    {
        _ended = true;
        Set.Remove(this);
    }

    private bool Offer(CatchUp catchUp, Delivery delivery)
    {
        bool delivered = catchUp.Offer(delivery);
        if (catchUp.IsOver)
        {
            _catchUp = null;
        }

        return delivered;
    }
}
