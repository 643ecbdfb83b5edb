using Carillon.Engines;
using Carillon.Engines.InMemory;
using Carillon.Errors;
using Carillon.Messages;
using Carillon.Publishing;

namespace Carillon.Tests.Resuming;

/// <summary>An engine whose answers wait for the test, and whose messages are deleted when it says so.</summary>
internal sealed class GatedEngine : ITopicEngine
{
    private readonly InMemoryTopicEngine _engine = new(new EngineOptions(), TimeProvider.System);
    private volatile TaskCompletionSource? _describing;

    public EngineStatus Status => _engine.Status;

    /// <summary>The last message that cannot be read any more.</summary>
    public long Gone { get; set; }

    /// <summary>Nobody is told about a topic's history before what is returned is complete.</summary>
    public TaskCompletionSource HoldDescribing() => _describing = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    public async ValueTask<TopicHistory?> DescribeAsync(Carillon.Topics.TopicName topic, CancellationToken cancellationToken)
    {
        await (_describing?.Task ?? Task.CompletedTask);
        return await _engine.DescribeAsync(topic, cancellationToken);
    }

    public async ValueTask<Page<Message>> QueryAsync(MessageQuery query, CancellationToken cancellationToken)
    {
        Page<Message> page = await _engine.QueryAsync(query, cancellationToken);
        return page with { Items = [.. page.Items.Where(message => message.Offset > Gone)] };
    }

    public ValueTask<IReadOnlyList<StoredTopic>> StartAsync(IMessageSink sink, CancellationToken cancellationToken) => _engine.StartAsync(sink, cancellationToken);

    public ValueTask<Error?> CreateAsync(StoredTopic topic, CancellationToken cancellationToken) => _engine.CreateAsync(topic, cancellationToken);

    public ValueTask<PublishResult> PublishAsync(PublishRequest request, CancellationToken cancellationToken) => _engine.PublishAsync(request, cancellationToken);

    public ValueTask<IReadOnlyList<ProducerLink>> ListProducersAsync(int limit, CancellationToken cancellationToken) => _engine.ListProducersAsync(limit, cancellationToken);

    public ValueTask DisposeAsync() => _engine.DisposeAsync();
}
