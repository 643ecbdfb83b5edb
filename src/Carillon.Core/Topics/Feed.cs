using System.Buffers;
using Carillon.Deliveries;
using Carillon.Diagnostics;
using Carillon.Engines;
using Carillon.Resuming;

namespace Carillon.Topics;

/// <summary>
/// What one session gets of one topic by all of its subscriptions to it, of which there are several only where the topic has filters: each message once.
/// </summary>
/// <remarks>Changed by its session, one change at a time. Fan-out delivers without a lock, except while something catches up.</remarks>
internal sealed class Feed(LiveTopic topic, DeliveryMark mark)
{
    /// <summary>What a delivery returns when a subscriber takes nothing any more.</summary>
    internal const int Refused = -1;

    private volatile Share[] _shares = [];
    private CatchUp? _catchUp;

    /// <summary>The session's, shared by all of its subscriptions.</summary>
    public DeliveryMark Mark => mark;

    public LiveTopic Topic => topic;

    /// <summary>One for each live subscription.</summary>
    public ReadOnlySpan<Share> Shares => _shares;

    public bool IsEmpty => _shares.Length == 0;

    /// <summary>Whether a catch-up has something left to do for the session's patterns, although no subscription names the topic any more.</summary>
    public bool IsOwed => mark.HasPatterns && Volatile.Read(ref _catchUp)?.IsOwed() == true;

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
    public void HandOver(Subscription replaced, Subscription added) => Volatile.Read(ref _catchUp)?.HandOver(replaced, added);

    /// <summary>Gives the session what it is to get of a delivery now. Called by fan-out only.</summary>
    /// <param name="delivery">The messages.</param>
    /// <param name="patterns">The session's patterns that match the topic and whose subscriber may read it.</param>
    /// <returns>How many messages the subscribers took.</returns>
    public int TryDeliver(Delivery delivery, ReadOnlySpan<Share> patterns)
    {
        Share[] shares = _shares; // Read first: who asked for kept messages has his catch-up in place before his share is here.
        if (Volatile.Read(ref _catchUp) is null && FindOnly(shares, patterns) is { } only)
        {
            int count = only.TryDeliver(delivery, topic);
            if (count != Subscription.NotTaken || (patterns.IsEmpty && ReferenceEquals(shares, _shares)))
            {
                return Math.Max(0, count);
            }
        }

        bool[] taken = ArrayPool<bool>.Shared.Rent(delivery.Messages.Length);
        try
        {
            Span<bool> marks = taken.AsSpan(0, delivery.Messages.Length);
            marks.Clear();
            return DeliverRest(delivery, patterns, marks);
        }
        finally
        {
            ArrayPool<bool>.Shared.Return(taken);
        }
    }

    /// <summary>Delivers each message once that one of <paramref name="shares"/> selects, by the first subscriber among them that it is for. One that is held is asked last.</summary>
    /// <param name="delivery">The messages.</param>
    /// <param name="shares">What is to be delivered, and for whom.</param>
    /// <param name="taken">For each message whether it is not to be delivered, and then whether it was.</param>
    /// <param name="topic">The topic.</param>
    /// <returns>How many messages the subscribers took, or <see cref="Refused"/>.</returns>
    internal static int Deliver(Delivery delivery, ReadOnlySpan<Share> shares, Span<bool> taken, LiveTopic topic)
    {
        bool anyHeld = HasHeld(shares);
        int count = Deliver(delivery, shares, taken, topic, asksHeld: !anyHeld);
        int more = anyHeld && count != Refused ? Deliver(delivery, shares, taken, topic, asksHeld: true) : 0;
        return more == Refused ? Refused : count + more;
    }

    private static int Deliver(Delivery delivery, ReadOnlySpan<Share> shares, Span<bool> taken, LiveTopic topic, bool asksHeld)
    {
        int count = 0;
        for (int i = 0; i < shares.Length && count != Refused; i++)
        {
            ISubscriber subscriber = shares[i].Owner.Subscriber;
            if (HasSubscriber(shares[..i], subscriber) || delivery.Select(shares[i..], subscriber, taken, topic, asksHeld) is not { } selection)
            {
                continue;
            }

            count = subscriber.TryDeliver(selection) ? count + selection.Messages.Length : Refused;
        }

        return count;
    }

    // Shares change while they are delivered to: what was for one that was replaced or has ended meanwhile is for those that are there now.
    private int DeliverRest(Delivery delivery, ReadOnlySpan<Share> patterns, Span<bool> taken)
    {
        int count = 0;
        while (true)
        {
            Share[] shares = _shares;
            if (Volatile.Read(ref _catchUp) is { } catchUp)
            {
                count += catchUp.Offer(delivery, patterns, taken);
                if (!catchUp.IsOver)
                {
                    return count;
                }

                Interlocked.CompareExchange(ref _catchUp, null, catchUp);
                topic.Retire(this);
                continue;
            }

            int more = Deliver(delivery, WithPatterns(shares, patterns), taken, topic);
            count += Math.Max(0, more);
            if (more == Refused || ReferenceEquals(shares, _shares))
            {
                return count;
            }
        }
    }

    // The one that everything is for; null when it takes several, or has to be found out. Those to the whole topic come before patterns, and these before filters.
    private static Subscription? FindOnly(Share[] shares, ReadOnlySpan<Share> patterns)
    {
        if (patterns.IsEmpty)
        {
            return shares.Length == 1 ? shares[0].Owner : null;
        }

        Share first = IsWhole(shares) ? shares[0] : patterns[0];
        return first.Filter is null && !first.Owner.IsHeld ? first.Owner : null;
    }

    private static Share[] WithPatterns(Share[] shares, ReadOnlySpan<Share> patterns) =>
        patterns.IsEmpty ? shares : IsWhole(shares) ? [.. shares, .. patterns] : [.. patterns, .. shares];

    private static bool IsWhole(Share[] shares) => Array.Exists(shares, static share => share.Filter is null);

    private static bool HasHeld(ReadOnlySpan<Share> shares)
    {
        foreach (Share share in shares)
        {
            if (share.Owner.IsHeld)
            {
                return true;
            }
        }

        return false;
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
