using Carillon.Consumers;
using Carillon.Deliveries;

namespace Carillon.Topics;

/// <summary>A session's live subscription to one topic.</summary>
internal sealed class Subscription(Topic topic, ISubscriber subscriber, SubscriptionRecord record)
{
    private volatile bool _ended;

    public Topic Topic { get; } = topic;

    public ISubscriber Subscriber { get; } = subscriber;

    public SubscriptionRecord Record { get; } = record;

    public bool TryDeliver(Delivery delivery) => !_ended && Subscriber.TryDeliver(delivery);

    /// <summary>Nothing is delivered from here on, although a fan-out under way may still hold this subscription.</summary>
    public void End()
    {
        _ended = true;
        Topic.Remove(this);
    }
}
