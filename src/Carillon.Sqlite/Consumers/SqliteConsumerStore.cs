using Carillon.Consumers;
using Carillon.Engines;
using Carillon.Errors;
using Carillon.Sqlite.Reading;
using Carillon.Sqlite.Writing;
using Carillon.Topics;

namespace Carillon.Sqlite.Consumers;

/// <summary>The consumer store's side of a <see cref="SqliteDatabase"/>. Disposing it ends its writes; the database goes on for its other users.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class SqliteConsumerStore(SqliteDatabase database) : IConsumerStore
{
    private static readonly Error Refused = new(ErrorCode.Unavailable, "The consumer store is stopped; nothing was stored");

    private volatile bool _disposed;

    /// <inheritdoc/>
    public async ValueTask StartAsync(CancellationToken cancellationToken)
    {
        Error? error = await database.WriteAsync(new ClearSubscriptionsOperation(), cancellationToken);
        if (error is not null)
        {
            throw new InvalidOperationException($"The consumer store cannot start: {error.Message}");
        }
    }

    /// <inheritdoc/>
    public ValueTask<Error?> AddSubscriptionsAsync(IReadOnlyList<SubscriptionRecord> subscriptions, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(subscriptions);
        return Write(new AddSubscriptionsOperation(subscriptions), cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<Error?> RemoveSubscriptionsAsync(string sessionId, IReadOnlyList<TopicName>? topics, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(sessionId);
        return Write(new RemoveSubscriptionsOperation(sessionId, topics), cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<ConsumptionResult> RecordAsync(Consumption consumption, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(consumption);
        return _disposed
            ? new ValueTask<ConsumptionResult>(new ConsumptionResult(Refused, Duplicate: false))
            : database.WriteAsync(new RecordConsumptionOperation(consumption), cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<Page<SubscriptionRecord>> QuerySubscriptionsAsync(ConsumerQuery query, CancellationToken cancellationToken)
    {
        Check(query);
        return database.ReadAsync((reader, token) => SubscriptionReader.Query(reader, query, token), cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<Page<Consumption>> QueryConsumptionsAsync(ConsumerQuery query, CancellationToken cancellationToken)
    {
        Check(query);
        return database.ReadAsync((reader, token) => ConsumptionReader.Query(reader, query, token), cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<ConsumerLink>> ListConsumersAsync(int limit, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 0);
        return database.ReadAsync((reader, token) => ConsumerLinkReader.List(reader, limit, token), cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _disposed = true;
        await database.DrainAsync();
    }

    private static void Check(ConsumerQuery query)
    {
        ArgumentNullException.ThrowIfNull(query);
        PageLimit.Check(query.Limit);
    }

    private ValueTask<Error?> Write(WriteOperation<Error?> operation, CancellationToken cancellationToken) =>
        _disposed ? new ValueTask<Error?>(Refused) : database.WriteAsync(operation, cancellationToken);
}
