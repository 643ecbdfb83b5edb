using System.Buffers;
using Carillon.Deliveries;
using Carillon.Diagnostics;
using Carillon.Engines;
using Carillon.Resuming;
using Carillon.Topics.Filters;

namespace Carillon.Topics;

/// <summary>
/// What one session gets of one topic by all of its subscriptions to it, of which there are several only where the topic has filters: each message once.
/// </summary>
/// <remarks>Changed by its session, one change at a time. Fan-out delivers without a lock, except while something catches up.</remarks>
internal sealed class Feed(LiveTopic topic, DeliveryMark mark)
{
    /// <summary>What <see cref="Deliver"/> returns when a subscriber takes nothing any more.</summary>
    internal const int Refused = -1;

    private volatile Share[] _shares = [];
    private CatchUp? _catchUp;

    /// <summary>The session's, shared by all of its subscriptions.</summary>
    public DeliveryMark Mark => mark;

    public LiveTopic Topic => topic;

    /// <summary>One for each live subscription.</summary>
    public ReadOnlySpan<Share> Shares => _shares;

    public bool IsEmpty => _shares.Length == 0;

    /// <summary>Whether every message is delivered.</summary>
    public bool IsWhole => Array.Exists(_shares, static share => share.Filter is null);

    /// <summary>Makes <paramref name="added"/> live in place of <paramref name="replaced"/> in one step.</summary>
    public void Add(Subscription added, Subscription? replaced) =>
        _shares = [.. _shares.Where(share => !ReferenceEquals(share.Owner, replaced)), new Share(added, added.Filter)];

    public void Remove(Subscription subscription) => _shares = Array.FindAll(_shares, share => !ReferenceEquals(share.Owner, subscription));

    /// <summary>Has a catch-up decide what is delivered for <paramref name="subscription"/> until fan-out alone does. To be called before the subscription is added.</summary>
    public CatchUp BeginWith(Subscription subscription, ITopicEngine engine, SemaphoreSlim turn, HubFaults faults)
    {
        if (Volatile.Read(ref _catchUp) is { } running && running.TryAdd(subscription))
        {
            return running;
        }

        var catchUp = new CatchUp(this, engine, turn, faults);
        catchUp.TryAdd(subscription);
        Volatile.Write(ref _catchUp, catchUp);
        return catchUp;
    }

    /// <summary>Lets what <paramref name="replaced"/> is still catching up with be delivered for <paramref name="added"/>. To be called before the latter is added.</summary>
    /// <returns>False when it is live already.</returns>
    public bool HandOver(Subscription replaced, Subscription added) => Volatile.Read(ref _catchUp)?.HandOver(replaced, added) == true;

    /// <summary>Gives the subscribers what they are to get of a delivery now. Called by fan-out only.</summary>
    /// <returns>How many messages they took.</returns>
    public int TryDeliver(Delivery delivery)
    {
        Share[] shares = _shares; // Read first: who asked for kept messages has his catch-up in place before his share is here.
        if (Volatile.Read(ref _catchUp) is not { } catchUp)
        {
            return shares.Length == 1 ? shares[0].Owner.TryDeliver(delivery) : Math.Max(0, Deliver(delivery, shares, taken: [], topic.Composition.Filters));
        }

        int count = catchUp.Offer(delivery);
        if (catchUp.IsOver)
        {
            Interlocked.CompareExchange(ref _catchUp, null, catchUp);
        }

        return count;
    }

    /// <summary>Delivers each message once that one of <paramref name="shares"/> selects, by the first subscriber among them that it is for.</summary>
    /// <param name="delivery">The messages.</param>
    /// <param name="shares">What is to be delivered, and for whom.</param>
    /// <param name="taken">For each message whether it is not to be delivered; empty for none.</param>
    /// <param name="filters">The topic's.</param>
    /// <returns>How many messages the subscribers took, or <see cref="Refused"/>.</returns>
    internal static int Deliver(Delivery delivery, ReadOnlySpan<Share> shares, ReadOnlySpan<bool> taken, IReadOnlyList<ITopicFilter> filters)
    {
        bool[] rest = ArrayPool<bool>.Shared.Rent(delivery.Messages.Length);
        rest.AsSpan().Clear();
        taken.CopyTo(rest);
        int count = 0;
        for (int i = 0; i < shares.Length && count != Refused; i++)
        {
            ISubscriber subscriber = shares[i].Owner.Subscriber;
            if (HasSubscriber(shares[..i], subscriber) || delivery.Select(shares[i..], subscriber, rest, filters) is not { } selection)
            {
                continue;
            }

            count = subscriber.TryDeliver(selection) ? count + selection.Messages.Length : Refused;
        }

        ArrayPool<bool>.Shared.Return(rest);
        return count;
    }

    // Mostly they all have the same one.
    private static bool HasSubscriber(ReadOnlySpan<Share> shares, ISubscriber subscriber)
    {
        foreach (Share share in shares)
        {
            if (ReferenceEquals(share.Owner.Subscriber, subscriber))
            {
                return true;
            }
        }

        return false;
    }
}
