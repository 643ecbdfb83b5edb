using Carillon.Topics;

namespace Carillon.Deliveries;

/// <summary>A connection's outbox as the core sees it.</summary>
public interface ISubscriber
{
    /// <summary>Told just before the subscription goes live: what is sent from here comes before its first message.</summary>
    void OnSubscribed(TopicName topic);

    /// <summary>
    /// Takes consecutive messages of one topic: asks <paramref name="delivery"/> for the shared frames of its wire format and puts them into its
    /// outbox. Never blocks, never throws. A subscriber that cannot take them ends its own connection with a reason that says so.
    /// </summary>
    /// <returns>False when nothing was taken.</returns>
    bool TryDeliver(Delivery delivery);
}
