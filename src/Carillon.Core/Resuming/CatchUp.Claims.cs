using System.Runtime.InteropServices;
using Carillon.Deliveries;
using Carillon.Topics;
using Carillon.Topics.Filters;

namespace Carillon.Resuming;

internal sealed partial class CatchUp
{
    private readonly List<Claim> _claims = [];
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
    /// <returns>False when there is nothing of that.</returns>
    public bool HandOver(Subscription replaced, Subscription added)
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

            return !_joined && IsCatchingUp(added);
        }
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
                MoveBackTo(after);
                _claims.Add(new Claim(share.Owner, SubscriptionFilter.Both(claim.Filter, share.Filter)) { After = after, FirstLeft = after + 1, IsHeld = true });
            }
        }
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

        return false;
    }

    // They all write to the same connection.
    private ISubscriber SubscriberOr(Subscription subscription)
    {
        lock (_gate)
        {
            return _claims.Count > 0 ? _claims[0].Owner.Subscriber : subscription.Subscriber;
        }
    }

    private ReadOnlySpan<Share> SharesNeedsLock()
    {
        _shares.Clear();
        foreach (Claim claim in _claims)
        {
            if (claim.After is { } after)
            {
                _shares.Add(new Share(claim.Owner, claim.Filter, after));
            }
        }

        return CollectionsMarshal.AsSpan(_shares);
    }

    // Those that are live.
    private ReadOnlySpan<Share> OthersNeedsLock()
    {
        _shares.Clear();
        foreach (Share share in feed.Shares)
        {
            if (!IsCatchingUp(share.Owner))
            {
                _shares.Add(share);
            }
        }

        return CollectionsMarshal.AsSpan(_shares);
    }
}
