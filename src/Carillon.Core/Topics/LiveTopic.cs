using Carillon.Access;
using Carillon.Messages;
using Carillon.Publishing;

namespace Carillon.Topics;

/// <summary>A topic of a hub: how it is composed now, and its live subscriptions.</summary>
internal sealed class LiveTopic(Topic composition, TimeProvider time) : ISubscriptionSet
{
    private readonly Lock _gate = new(); // guards the set, the rebuilding of the array, and that a composition finds everyone who was not decided about
    private readonly HashSet<Feed> _feeds = [];
    private readonly List<Feed> _owed = []; // those among them that are empty, but still deliver to patterns
    private Feed[]? _snapshot = [];
    private int _subscriptionCount;
    private volatile State _state = new(composition, time);

    public TopicName Name { get; } = composition.Name;

    /// <summary>Whether the application, or the settings, composed it; false for one that clients brought into being.</summary>
    public bool IsComposed { get; set; }

    /// <summary>How it is composed.</summary>
    public Topic Composition => _state.Composition;

    /// <summary>Whether not everyone may subscribe.</summary>
    public bool IsGuarded => !ReferenceEquals(Composition.Subscribers, TopicAccess.Anyone);

    /// <summary>How fast publishers may publish; null for no limit.</summary>
    public RateLimit? Rate => _state.Rate;

    /// <summary>Messages of the batch in hand; only the fan-out loop touches it.</summary>
    public List<Message> Pending { get; } = [];

    /// <summary>How many of the pending ones were handed out; only the fan-out loop touches it.</summary>
    public int Delivered { get; set; }

    /// <summary>Which patterns were looked through for this topic; only the fan-out loop touches it.</summary>
    public int PatternVersion { get; set; } = -1;

    /// <summary>Whether one of those matches; only the fan-out loop touches it.</summary>
    public bool HasPatterns { get; set; }

    public bool HasSubscribers => Volatile.Read(ref _snapshot) is not { Length: 0 };

    /// <summary>
    /// Composes it anew. Where it lets in others than before, no subscription is given anything from the next message on that <paramref name="mayStay"/> does not tell of, until it is decided
    /// whether it may be. What publishers have used of their rate is forgotten only when the rate is another one.
    /// </summary>
    public void Compose(Topic changed, Func<Subscription, bool> mayStay)
    {
        lock (_gate)
        {
            if (!ReferenceEquals(changed.Subscribers, TopicAccess.Anyone) && !ReferenceEquals(changed.Subscribers, Composition.Subscribers))
            {
                SubscriptionsOf([.. _feeds]).FindAll(subscription => !mayStay(subscription)).ForEach(static subscription => subscription.Hold());
            }

            _state = changed.Rate == Composition.Rate ? _state with { Composition = changed } : new State(changed, time);
        }
    }

    /// <summary>How many subscriptions name the topic, with filters or without.</summary>
    public int SubscriptionCount => Volatile.Read(ref _subscriptionCount);

    /// <summary>The subscriptions now.</summary>
    public List<Subscription> Subscriptions() => SubscriptionsOf(Feeds());

    private static List<Subscription> SubscriptionsOf(ReadOnlySpan<Feed> feeds)
    {
        var subscriptions = new List<Subscription>();
        foreach (Feed feed in feeds)
        {
            foreach (Share share in feed.Shares)
            {
                subscriptions.Add(share.Owner);
            }
        }

        return subscriptions;
    }

    /// <summary>What sessions get of the topic now, to be walked without a lock. Rebuilt on demand: a thousand joins between two messages cost one copy.</summary>
    public ReadOnlySpan<Feed> Feeds()
    {
        if (Volatile.Read(ref _snapshot) is { } current)
        {
            return current;
        }

        lock (_gate)
        {
            _snapshot ??= [.. _feeds];
            return _snapshot;
        }
    }

    /// <inheritdoc/>
    public void Add(Subscription added, Subscription? replaced)
    {
        lock (_gate)
        {
            if (!IsDecided(added))
            {
                added.Hold();
            }

            Feed feed = FeedOf(added, replaced?.Feed);
            int before = feed.Shares.Length;
            feed.Add(added, replaced);
            _subscriptionCount += feed.Shares.Length - before;
            _owed.Remove(feed);
            if (_feeds.Add(feed))
            {
                Volatile.Write(ref _snapshot, null);
            }

            DropDoneNeedsLock();
        }
    }

    /// <inheritdoc/>
    public void Remove(Subscription subscription)
    {
        if (subscription.Feed is not { } feed)
        {
            return;
        }

        lock (_gate)
        {
            int before = feed.Shares.Length;
            feed.Remove(subscription);
            _subscriptionCount += feed.Shares.Length - before;
            if (feed.IsEmpty && !_owed.Contains(feed) && _feeds.Contains(feed))
            {
                _owed.Add(feed);
            }

            DropDoneNeedsLock();
        }
    }

    /// <summary>Takes out what a session gets of the topic if that is nothing, as its catch-up is over.</summary>
    public void Retire(Feed feed)
    {
        if (!feed.IsEmpty)
        {
            return;
        }

        lock (_gate)
        {
            DropDoneNeedsLock();
        }
    }

    /// <summary>Ends <see cref="Subscription.Hold"/> of one that may be; not when that was decided by what the topic was composed of before: then it is about to be decided again.</summary>
    /// <returns>False when a message was withheld meanwhile: it would be missing, so the subscription must end.</returns>
    public bool TryRelease(Subscription subscription)
    {
        lock (_gate)
        {
            if (IsDecided(subscription))
            {
                return subscription.TryRelease();
            }

            subscription.Hold();
            return true;
        }
    }

    private bool IsDecided(Subscription subscription) => !IsGuarded || ReferenceEquals(subscription.DecidedOn?.Subscribers, Composition.Subscribers);

    /// <summary>What the session of <paramref name="subscription"/> gets of the topic: <paramref name="others"/> if it has subscriptions to it already, and from now on this one's as well.</summary>
    public Feed FeedOf(Subscription subscription, Feed? others)
    {
        if (subscription.Feed is null)
        {
            lock (_gate)
            {
                subscription.Feed = others ?? _owed.Find(feed => ReferenceEquals(feed.Mark, subscription.Mark)) ?? new Feed(this, subscription.Mark);
            }
        }

        return subscription.Feed;
    }

    private void DropDoneNeedsLock()
    {
        for (int i = _owed.Count - 1; i >= 0; i--)
        {
            if (!_owed[i].IsOwed && _feeds.Remove(_owed[i]))
            {
                _owed.RemoveAt(i);
                Volatile.Write(ref _snapshot, _feeds.Count == 0 ? [] : null);
            }
        }
    }

    private sealed record State(Topic Composition, RateLimit? Rate)
    {
        public State(Topic composition, TimeProvider time)
            : this(composition, composition.Rate is { } rate ? new RateLimit(rate, time) : null)
        {
        }
    }
}
