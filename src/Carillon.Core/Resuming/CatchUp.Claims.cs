using System.Runtime.InteropServices;
using Carillon.Deliveries;
using Carillon.Topics;
using Carillon.Topics.Filters;

namespace Carillon.Resuming;

internal sealed partial class CatchUp
{
    private readonly List<Claim> _claims = [];
    private readonly List<Share> _patterns = []; // of the session, each with the offset from which on it has left messages to the claims
    private readonly List<(SubscriptionFilter? Filter, long After, long UpTo)> _past = []; // what ended claims have delivered, which fan-out may still be to offer
    private readonly List<Share> _shares = []; // only within one call

    /// <summary>Adds a subscription that asked for kept messages; what it selects is left to it from now on.</summary>
    /// <returns>False when the catch-up is over.</returns>
    public bool TryAdd(Subscription subscription)
    {
        lock (_gate)
        {
            if (IsOver)
            {
                return false;
            }

            _joined = false;
            _claims.Add(new Claim(subscription, subscription.Filter));
            return true;
        }
    }

    /// <summary>Delivers for <paramref name="added"/> what <paramref name="replaced"/> has not got yet.</summary>
    public void HandOver(Subscription replaced, Subscription added)
    {
        lock (_gate)
        {
            foreach (Claim claim in _claims)
            {
                if (ReferenceEquals(claim.Owner, replaced))
                {
                    claim.Owner = added;
                }
            }
        }
    }

    /// <summary>Whether something is still to come by it for patterns of the session, or has come that fan-out is not to deliver again, although no subscription names the topic any more.</summary>
    public bool IsOwed()
    {
        lock (_gate)
        {
            ReleaseEnded();
            return !IsOver && (_claims.Count > 0 || _past.Count > 0);
        }
    }

    /// <summary>The session's patterns that have left messages to it.</summary>
    public IReadOnlyList<Subscription> Patterns()
    {
        lock (_gate)
        {
            return [.. _patterns.Select(static pattern => pattern.Owner.Latest)];
        }
    }

    private void Note(ReadOnlySpan<Share> patterns, long first)
    {
        _patterns.RemoveAll(static pattern => pattern.Owner.HasEnded);
        HashSet<Subscription> known = [.. _patterns.Select(static pattern => pattern.Owner.Latest)];
        foreach (Share pattern in patterns)
        {
            if (known.Add(pattern.Owner.Latest))
            {
                _patterns.Add(pattern with { After = first - 1 });
            }
        }

        long oldest = Math.Min(first, FirstUndecided());
        _past.RemoveAll(past => past.UpTo < oldest);
    }

    private void Begin(Subscription subscription, long position, long keptUpTo)
    {
        if (_claims.Find(claim => claim.After is null && ReferenceEquals(claim.Owner, subscription)) is not { } claim)
        {
            return; // It has ended meanwhile.
        }

        MoveBackTo(position);
        claim.After = position;
        claim.KeptUpTo = keptUpTo;
        if (claim.FirstLeft > 0 && claim.FirstLeft <= position)
        {
            HoldForOthers(claim, claim.FirstLeft - 1);
        }
    }

    private void MoveBackTo(long position)
    {
        if (!_hasBegun)
        {
            _hasBegun = true;
            _position = position;
            return;
        }

        foreach (Claim claim in _claims)
        {
            if (claim.After < _position)
            {
                Remember(claim);
                claim.After = _position;
                claim.KeptUpTo = 0;
            }
        }

        if (position < _position)
        {
            _target = Math.Max(_target, _position);
            _position = position;
        }
    }

    // Subscriptions end at any time; from then on nothing is delivered for them.
    private void ReleaseEnded()
    {
        for (int i = _claims.Count - 1; i >= 0; i--)
        {
            Claim claim = _claims[i];
            if (!claim.Owner.HasEnded)
            {
                continue;
            }

            _claims.RemoveAt(i);
            Remember(claim);
            if (!claim.IsHeld && claim.FirstLeft > 0)
            {
                HoldForOthers(claim, Math.Max(_hasBegun ? _position : 0, claim.FirstLeft - 1));
            }
        }
    }

    // What was left to a claim, others of the session may have selected as well: that is still to come.
    private void HoldForOthers(Claim claim, long after)
    {
        foreach (Share share in feed.Shares)
        {
            if (share.Owner.Name != claim.Owner.Name && !share.Owner.HasEnded && !IsCatchingUp(share.Owner))
            {
                HoldFor(share.Owner, SubscriptionFilter.Both(claim.Filter, share.Filter), after);
            }
        }

        foreach (Share pattern in _patterns)
        {
            if (!pattern.Owner.HasEnded)
            {
                HoldFor(pattern.Owner, claim.Filter, Math.Max(after, pattern.After));
            }
        }
    }

    private void HoldFor(Subscription owner, SubscriptionFilter? filter, long after)
    {
        foreach ((SubscriptionFilter? delivered, long from, long upTo) in _past)
        {
            bool isCovered = from <= after && after < upTo && (delivered is null || Equals(delivered, filter));
            after = isCovered ? upTo : after;
        }

        MoveBackTo(after);
        if (_claims.Find(claim => claim.IsHeld && ReferenceEquals(claim.Owner.Latest, owner.Latest) && Equals(claim.Filter, filter)) is not { } held)
        {
            _claims.Add(new Claim(owner, filter) { After = after, FirstLeft = after + 1, IsHeld = true });
        }
        else if (after < held.After)
        {
            held.After = after;
            held.FirstLeft = Math.Min(held.FirstLeft, after + 1);
        }
    }

    // What was left to one of whom it is not known yet from where on it takes messages may have to be given back.
    private long FirstUndecided()
    {
        long first = long.MaxValue;
        foreach (Claim claim in _claims)
        {
            first = claim is { After: null, FirstLeft: > 0 } ? Math.Min(first, claim.FirstLeft) : first;
        }

        return first;
    }

    // The log is read ahead of fan-out, which is still to offer what was delivered like that.
    private void Remember(Claim claim)
    {
        if (claim.After is not { } after || after >= _position || (_position <= _offered && _position < FirstUndecided()))
        {
            return;
        }

        long upTo = _position;
        for (int i = _past.Count - 1; i >= 0; i--)
        {
            if (Equals(_past[i].Filter, claim.Filter) && _past[i].After <= upTo && after <= _past[i].UpTo)
            {
                after = Math.Min(after, _past[i].After);
                upTo = Math.Max(upTo, _past[i].UpTo);
                _past.RemoveAt(i);
            }
        }

        _past.Add((claim.Filter, after, upTo));
    }

    // By name: one that is subscribed to again has its claim before it takes the place of the other.
    private bool IsCatchingUp(Subscription subscription) => _claims.Exists(claim => !claim.IsHeld && claim.Owner.Name == subscription.Name);

    private bool IsClaimed(Delivery delivery, int index)
    {
        long offset = delivery.Messages[index].Offset;
        foreach (Claim claim in _claims)
        {
            if ((claim.After ?? 0) < offset && delivery.IsSelected(index, claim.Filter, feed.Topic.Composition.Filters))
            {
                return true;
            }
        }

        foreach ((SubscriptionFilter? filter, long after, long upTo) in _past)
        {
            if (after < offset && offset <= upTo && delivery.IsSelected(index, filter, feed.Topic.Composition.Filters))
            {
                return true;
            }
        }

        return false;
    }

    // They all write to the same connection.
    private ISubscriber SubscriberOr(Subscription subscription)
    {
        lock (_gate)
        {
            return (_claims.Count > 0 ? _claims[0].Owner.Latest : subscription).Subscriber;
        }
    }

    private ReadOnlySpan<Share> SharesNeedsLock()
    {
        _shares.Clear();
        foreach (Claim claim in _claims)
        {
            if (claim.After is { } after)
            {
                _shares.Add(new Share(claim.Owner.Latest, claim.Filter, after));
            }
        }

        AddPatternsNeedsLock();
        return CollectionsMarshal.AsSpan(_shares);
    }

    // Patterns get what is withheld from those whose token has ended; once for claims that select the same, of which a client can have thousands.
    private void AddPatternsNeedsLock()
    {
        foreach (Claim claim in _patterns.Count == 0 ? [] : _claims.Where(static claim => claim.After is not null).DistinctBy(static claim => claim.Filter).ToArray())
        {
            long oldest = _claims.Where(other => Equals(other.Filter, claim.Filter)).Min(static other => other.After ?? long.MaxValue);
            foreach (Share pattern in _patterns)
            {
                _shares.Add(new Share(pattern.Owner.Latest, claim.Filter, Math.Max(pattern.After, oldest)));
            }
        }
    }

    // Those that are live.
    private ReadOnlySpan<Share> OthersNeedsLock(ReadOnlySpan<Share> shares, ReadOnlySpan<Share> patterns)
    {
        _shares.Clear();
        foreach (Share share in shares)
        {
            if (!IsCatchingUp(share.Owner))
            {
                _shares.Add(share);
            }
        }

        _shares.AddRange(patterns);
        return CollectionsMarshal.AsSpan(_shares);
    }
}
