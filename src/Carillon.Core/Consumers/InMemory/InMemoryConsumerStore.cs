using Carillon.Engines;
using Carillon.Errors;
using Carillon.Messages;
using Carillon.Topics;

namespace Carillon.Consumers.InMemory;

/// <summary>Keeps subscriptions and consumptions in memory: nothing survives the process.</summary>
public sealed class InMemoryConsumerStore : IConsumerStore
{
    private readonly Lock _gate = new(); // guards all below
    private readonly SortedDictionary<long, SubscriptionRecord> _subscriptions = new(NewestFirst);
    private readonly Dictionary<(string SessionId, TopicName Topic), long> _subscriptionRows = [];
    private readonly Dictionary<string, HashSet<TopicName>> _topicsOfSession = [];
    private readonly SortedDictionary<long, Consumption> _consumptions = new(NewestFirst);
    private readonly HashSet<(string Consumer, TopicName Topic, string MessageId)> _consumed = [];
    private readonly HashSet<ConsumerLink> _consumedLinks = [];
    private long _rows;
    private bool _closed;

    private static IComparer<long> NewestFirst { get; } = Comparer<long>.Create((left, right) => right.CompareTo(left));

    /// <inheritdoc/>
    public ValueTask StartAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

    /// <inheritdoc/>
    public ValueTask<Error?> AddSubscriptionsAsync(IReadOnlyList<SubscriptionRecord> subscriptions, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(subscriptions);
        lock (_gate)
        {
            if (_closed)
            {
                return new ValueTask<Error?>(Closed());
            }

            foreach (SubscriptionRecord subscription in subscriptions)
            {
                Remove(subscription.SessionId, subscription.Topic);
                _subscriptions.Add(++_rows, subscription);
                _subscriptionRows.Add((subscription.SessionId, subscription.Topic), _rows);
                if (!_topicsOfSession.TryGetValue(subscription.SessionId, out HashSet<TopicName>? topics))
                {
                    _topicsOfSession.Add(subscription.SessionId, topics = []);
                }

                topics.Add(subscription.Topic);
            }
        }

        return new ValueTask<Error?>((Error?)null);
    }

    /// <inheritdoc/>
    public ValueTask<Error?> RemoveSubscriptionsAsync(string sessionId, IReadOnlyList<TopicName>? topics, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_closed)
            {
                return new ValueTask<Error?>(Closed());
            }

            if (_topicsOfSession.TryGetValue(sessionId, out HashSet<TopicName>? known))
            {
                foreach (TopicName topic in topics ?? [.. known])
                {
                    Remove(sessionId, topic);
                }
            }
        }

        return new ValueTask<Error?>((Error?)null);
    }

    /// <inheritdoc/>
    public ValueTask<ConsumptionResult> RecordAsync(Consumption consumption, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(consumption);
        lock (_gate)
        {
            if (_closed)
            {
                return new ValueTask<ConsumptionResult>(new ConsumptionResult(Closed(), Duplicate: false));
            }

            bool first = _consumed.Add((consumption.Consumer, consumption.Topic, consumption.MessageId));
            if (first)
            {
                _consumptions.Add(++_rows, consumption);
                _consumedLinks.Add(new ConsumerLink(consumption.Topic, consumption.Consumer));
            }

            return new ValueTask<ConsumptionResult>(new ConsumptionResult(null, Duplicate: !first));
        }
    }

    /// <inheritdoc/>
    public ValueTask<Page<SubscriptionRecord>> QuerySubscriptionsAsync(ConsumerQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        return Select(_subscriptions, query, row => (row.Topic, row.Consumer, row.ConnectedAt));
    }

    /// <inheritdoc/>
    public ValueTask<Page<Consumption>> QueryConsumptionsAsync(ConsumerQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        return Select(_consumptions, query, row => (row.Topic, row.Consumer, row.Timestamp));
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<ConsumerLink>> ListConsumersAsync(int limit, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            IEnumerable<ConsumerLink> live = _subscriptions.Values
                .Where(row => row.Consumer is not null)
                .Select(row => new ConsumerLink(row.Topic, row.Consumer!));
            return new ValueTask<IReadOnlyList<ConsumerLink>>([.. live.Union(_consumedLinks).Take(limit)]);
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            _closed = true;
        }

        return ValueTask.CompletedTask;
    }

    private static Error Closed() => new(ErrorCode.Unavailable, "The consumer store is stopped");

    private void Remove(string sessionId, TopicName topic)
    {
        if (!_subscriptionRows.Remove((sessionId, topic), out long row))
        {
            return;
        }

        _subscriptions.Remove(row);
        HashSet<TopicName> topics = _topicsOfSession[sessionId];
        topics.Remove(topic);
        if (topics.Count == 0)
        {
            _topicsOfSession.Remove(sessionId);
        }
    }

    private ValueTask<Page<T>> Select<T>(
        SortedDictionary<long, T> rows, ConsumerQuery query, Func<T, (TopicName Topic, string? Consumer, UnixTime At)> keys)
    {
        var page = new List<T>();
        long last = 0;
        lock (_gate)
        {
            foreach ((long id, T row) in rows)
            {
                (TopicName topic, string? consumer, UnixTime at) = keys(row);
                bool matches = (query.Cursor is not { } cursor || id < cursor)
                    && (query.Topic is not { } wantedTopic || wantedTopic == topic)
                    && (query.Consumer is null || query.Consumer == consumer)
                    && (query.From is not { } from || at >= from)
                    && (query.To is not { } to || at < to);
                if (!matches)
                {
                    continue;
                }

                if (page.Count == query.Limit)
                {
                    return new ValueTask<Page<T>>(new Page<T>(page, last));
                }

                page.Add(row);
                last = id;
            }
        }

        return new ValueTask<Page<T>>(new Page<T>(page, Next: null));
    }
}
