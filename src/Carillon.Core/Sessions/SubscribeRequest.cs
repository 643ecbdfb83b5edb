using Carillon.Access;
using Carillon.Deliveries;

namespace Carillon.Sessions;

/// <summary>A wish to subscribe, whatever protocol it came over.</summary>
public sealed class SubscribeRequest
{
    /// <summary>What to subscribe to; a topic named twice counts once, the first time.</summary>
    public required IReadOnlyList<WantedTopic> Topics { get; init; }

    /// <summary>Where messages go.</summary>
    public required ISubscriber Subscriber { get; init; }

    /// <summary>The durable reader behind it; null for none.</summary>
    public string? Consumer { get; init; }

    /// <summary>Who asks, where the request says so itself; null for the session's own requester.</summary>
    public Requester? Requester { get; init; }

    /// <summary>
    /// Whether each topic succeeds or fails by itself, those that fail being in <see cref="SubscribeResult.Refusals"/>. Default: no, one that fails makes the whole request fail.
    /// </summary>
    public bool EachByItself { get; init; }

    /// <summary>
    /// Called once when all subscriptions are on record, before the first kept message is delivered: what it queues for the client comes before those. New messages may come
    /// earlier where no <see cref="WantedTopic.Since"/> was given. Must neither block nor throw.
    /// </summary>
    public Action<SubscribeResult>? Confirm { get; init; }
}
