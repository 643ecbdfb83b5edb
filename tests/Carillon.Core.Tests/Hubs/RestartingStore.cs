using Carillon.Consumers;
using Carillon.Consumers.InMemory;
using Carillon.Engines;
using Carillon.Errors;
using Carillon.Topics;

namespace Carillon.Tests.Hubs;

/// <summary>A store that can be made to refuse removals, as one whose database is being reopened does, and to take its time for additions.</summary>
internal sealed class RestartingStore : IConsumerStore
{
    private readonly InMemoryConsumerStore _store = new();
    private int _refusals;

    public bool Restarting { get; set; }

    /// <summary>Called before subscriptions are stored.</summary>
    public Func<Task>? Adding { get; set; }

    public int Refusals => Volatile.Read(ref _refusals);

    public ValueTask StartAsync(CancellationToken cancellationToken) => _store.StartAsync(cancellationToken);

    public async ValueTask<Error?> AddSubscriptionsAsync(IReadOnlyList<SubscriptionRecord> subscriptions, CancellationToken cancellationToken)
    {
        await (Adding?.Invoke() ?? Task.CompletedTask);
        return await _store.AddSubscriptionsAsync(subscriptions, cancellationToken);
    }

    public ValueTask<Error?> RemoveSubscriptionsAsync(string sessionId, IReadOnlyList<TopicName>? topics, CancellationToken cancellationToken)
    {
        if (!Restarting)
        {
            return _store.RemoveSubscriptionsAsync(sessionId, topics, cancellationToken);
        }

        Interlocked.Increment(ref _refusals);
        return new ValueTask<Error?>(new Error(ErrorCode.Unavailable, "restarting"));
    }

    public ValueTask<ConsumptionResult> RecordAsync(Consumption consumption, CancellationToken cancellationToken) => _store.RecordAsync(consumption, cancellationToken);

    public ValueTask<Page<SubscriptionRecord>> QuerySubscriptionsAsync(ConsumerQuery query, CancellationToken cancellationToken) =>
        _store.QuerySubscriptionsAsync(query, cancellationToken);

    public ValueTask<Page<Consumption>> QueryConsumptionsAsync(ConsumerQuery query, CancellationToken cancellationToken) =>
        _store.QueryConsumptionsAsync(query, cancellationToken);

    public ValueTask<IReadOnlyList<ConsumerLink>> ListConsumersAsync(int limit, CancellationToken cancellationToken) =>
        _store.ListConsumersAsync(limit, cancellationToken);

    public ValueTask DisposeAsync() => _store.DisposeAsync();
}
