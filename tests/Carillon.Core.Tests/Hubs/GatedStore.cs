using Carillon.Consumers;
using Carillon.Consumers.InMemory;
using Carillon.Engines;
using Carillon.Errors;
using Carillon.Topics;

namespace Carillon.Tests.Hubs;

/// <summary>Counts removals, and can be made to wait.</summary>
internal sealed class GatedStore : IConsumerStore
{
    private readonly InMemoryConsumerStore _store = new();
    private Task _adding = Task.CompletedTask;
    private Task _removing = Task.CompletedTask;
    private int _removals;

    public int Removals => Volatile.Read(ref _removals);

    public TaskCompletionSource HoldAdding()
    {
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _adding = gate.Task;
        return gate;
    }

    public TaskCompletionSource HoldRemoving()
    {
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _removing = gate.Task;
        return gate;
    }

    public ValueTask StartAsync(CancellationToken cancellationToken) => _store.StartAsync(cancellationToken);

    public async ValueTask<Error?> AddSubscriptionsAsync(IReadOnlyList<SubscriptionRecord> subscriptions, CancellationToken cancellationToken)
    {
        await _adding;
        return await _store.AddSubscriptionsAsync(subscriptions, cancellationToken);
    }

    public async ValueTask<Error?> RemoveSubscriptionsAsync(string sessionId, IReadOnlyList<TopicName>? topics, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _removals);
        await _removing;
        return await _store.RemoveSubscriptionsAsync(sessionId, topics, cancellationToken);
    }

    public ValueTask<ConsumptionResult> RecordAsync(Consumption consumption, CancellationToken cancellationToken) => _store.RecordAsync(consumption, cancellationToken);

    public ValueTask<Page<SubscriptionRecord>> QuerySubscriptionsAsync(ConsumerQuery query, CancellationToken cancellationToken) =>
        _store.QuerySubscriptionsAsync(query, cancellationToken);

    public ValueTask<Page<Consumption>> QueryConsumptionsAsync(ConsumerQuery query, CancellationToken cancellationToken) =>
        _store.QueryConsumptionsAsync(query, cancellationToken);

    public ValueTask<IReadOnlyList<ConsumerLink>> ListConsumersAsync(int limit, CancellationToken cancellationToken) => _store.ListConsumersAsync(limit, cancellationToken);

    public ValueTask DisposeAsync() => _store.DisposeAsync();
}
