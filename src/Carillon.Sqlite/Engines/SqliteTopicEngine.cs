using Carillon.Engines;
using Carillon.Errors;
using Carillon.Messages;
using Carillon.Publishing;
using Carillon.Sqlite.Reading;
using Carillon.Sqlite.Writing;
using Carillon.Topics;

namespace Carillon.Sqlite.Engines;

/// <summary>The engine's side of a <see cref="SqliteDatabase"/>. Disposing it ends publishing; the database goes on for its other users.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class SqliteTopicEngine(SqliteDatabase database, TimeProvider time) : ITopicEngine
{
    private static readonly EngineStatus Disposed = new(Ready: false, "disposed");
    private static readonly Error Refused = new(ErrorCode.Unavailable, "The engine is stopped; nothing was stored");

    private volatile bool _disposed;

    /// <inheritdoc/>
    public EngineStatus Status => _disposed ? Disposed : database.Status;

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<StoredTopic>> StartAsync(IMessageSink sink, CancellationToken cancellationToken) =>
        database.StartAsync(sink, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<Error?> CreateAsync(StoredTopic topic, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(topic);
        return _disposed ? new ValueTask<Error?>(Refused) : database.WriteAsync(new CreateTopicOperation(topic), cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<PublishResult> PublishAsync(PublishRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        return _disposed
            ? new ValueTask<PublishResult>(PublishResult.Refused(Refused))
            : database.WriteAsync(new PublishOperation(request, request.MessageId is null ? MessageIds.New(time) : null), cancellationToken);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">An offset without a topic, or a limit out of range.</exception>
    public ValueTask<Page<Message>> QueryAsync(MessageQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        PageLimit.Check(query.Limit);
        return query is { AfterOffset: not null, Topic: null }
            ? throw new ArgumentException("An offset means something only within a topic", nameof(query))
            : database.ReadAsync((reader, token) => MessageReader.Query(reader, query, token), cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<TopicHistory?> DescribeAsync(TopicName topic, CancellationToken cancellationToken) =>
        database.ReadAsync((reader, _) => MessageReader.Describe(reader, topic), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<ProducerLink>> ListProducersAsync(int limit, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 0);
        return database.ReadAsync((reader, _) => MessageReader.Producers(reader, limit), cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _disposed = true;
        await database.DrainAsync();
    }
}
