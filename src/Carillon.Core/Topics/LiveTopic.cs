using Carillon.Messages;

namespace Carillon.Topics;

/// <summary>A topic of a hub and its live subscriptions.</summary>
internal sealed class LiveTopic(TopicName name) : ISubscriptionSet
{
    private readonly Lock _gate = new(); // guards the set and the rebuilding of the array
    private readonly HashSet<Subscription> _subscriptions = [];
    private Subscription[]? _snapshot = [];

    public TopicName Name { get; } = name;

    /// <summary>Messages of the batch in hand; only the fan-out loop touches it.</summary>
    public List<Message> Pending { get; } = [];

    /// <summary>How many of the pending ones were handed out; only the fan-out loop touches it.</summary>
    public int Delivered { get; set; }

    /// <summary>Which patterns were looked through for this topic; only the fan-out loop touches it.</summary>
    public int PatternVersion { get; set; } = -1;

    /// <summary>Whether one of those matches; only the fan-out loop touches it.</summary>
    public bool HasPatterns { get; set; }

    public bool HasSubscribers => Volatile.Read(ref _snapshot) is not { Length: 0 };

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
}
