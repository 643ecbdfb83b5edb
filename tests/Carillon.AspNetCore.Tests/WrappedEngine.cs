using Carillon.Engines;
using Carillon.Errors;
using Carillon.Messages;
using Carillon.Publishing;
using Carillon.Topics;

namespace Carillon.AspNetCore.Tests;

/// <summary>Another engine, of which a test changes what it overrides.</summary>
internal abstract class WrappedEngine(ITopicEngine engine) : ITopicEngine
{
    public virtual EngineStatus Status => engine.Status;

    public ValueTask<IReadOnlyList<StoredTopic>> StartAsync(IMessageSink sink, CancellationToken cancellationToken) => engine.StartAsync(sink, cancellationToken);

    public ValueTask<Error?> CreateAsync(StoredTopic topic, CancellationToken cancellationToken) => engine.CreateAsync(topic, cancellationToken);

    public virtual ValueTask<PublishResult> PublishAsync(PublishRequest request, CancellationToken cancellationToken) => engine.PublishAsync(request, cancellationToken);

    public virtual ValueTask<Page<Message>> QueryAsync(MessageQuery query, CancellationToken cancellationToken) => engine.QueryAsync(query, cancellationToken);

    public ValueTask<TopicHistory?> DescribeAsync(TopicName topic, CancellationToken cancellationToken) => engine.DescribeAsync(topic, cancellationToken);

    public ValueTask<IReadOnlyList<ProducerLink>> ListProducersAsync(int limit, CancellationToken cancellationToken) => engine.ListProducersAsync(limit, cancellationToken);

    public ValueTask DisposeAsync() => engine.DisposeAsync();
}
