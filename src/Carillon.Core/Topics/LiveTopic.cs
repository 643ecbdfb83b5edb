using Carillon.Access;
using Carillon.Messages;
using Carillon.Publishing;

namespace Carillon.Topics;

/// <summary>A topic of a hub: how it is composed now, and its live subscriptions.</summary>
internal sealed class LiveTopic(Topic composition, TimeProvider time) : ISubscriptionSet
{
    private readonly Lock _gate = new(); // guards the set and the rebuilding of the array
    private readonly HashSet<Subscription> _subscriptions = [];
    private Subscription[]? _snapshot = [];
    private volatile State _state = new(composition, time);

    public TopicName Name { get; } = composition.Name;

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

    /// <summary>Composes it anew. What publishers have used of their rate is forgotten only when the rate is another one.</summary>
    public void Compose(Topic changed) => _state = changed.Rate == Composition.Rate ? _state with { Composition = changed } : new State(changed, time);

    /// <summary>The subscriptions now, to be walked without a lock. Rebuilt on demand: a thousand joins between two messages cost one copy.</summary>
    public ReadOnlySpan<Subscription> Snapshot()
    {
        if (Volatile.Read(ref _snapshot) is { } current)
        {
            return current;
        }

        lock (_gate)
        {
            _snapshot ??= [.. _subscriptions];
            return _snapshot;
        }
    }

    /// <inheritdoc/>
    public void Add(Subscription added, Subscription? replaced)
    {
        lock (_gate)
        {
            if (replaced is not null)
            {
                _subscriptions.Remove(replaced);
            }

            _subscriptions.Add(added);
            Volatile.Write(ref _snapshot, null);
        }
    }

    /// <inheritdoc/>
    public void Remove(Subscription subscription)
    {
        lock (_gate)
        {
            _subscriptions.Remove(subscription);
            Volatile.Write(ref _snapshot, _subscriptions.Count == 0 ? [] : null);
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
