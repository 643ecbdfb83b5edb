using Carillon.Errors;
using Carillon.Topics;

namespace Carillon.Deliveries;

/// <summary>A connection's outbox as the core sees it.</summary>
public interface ISubscriber
{
    /// <summary>Told just before the subscription goes live: what is sent from here comes before its first message.</summary>
    void OnSubscribed(TopicName topic);

    /// <summary>
    /// Takes consecutive messages of one topic: asks <paramref name="delivery"/> for the shared frames of its wire format and puts them into its
    /// outbox. Never blocks, never throws: an exception ends the subscription. A subscriber that cannot take them ends its own connection with a reason that says so.
    /// </summary>
    /// <returns>False when nothing was taken.</returns>
    bool TryDeliver(Delivery delivery);

    /// <summary>Completes when the client has taken most of what it was sent, so that kept messages can follow at its pace. Also when it is gone.</summary>
    ValueTask WaitForRoomAsync(CancellationToken cancellationToken);

    /// <summary>The hub ended the subscription; the client is told why. Never blocks, never throws.</summary>
    void OnEnded(TopicName topic, Error reason);
}
