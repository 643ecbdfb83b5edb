using System.Text;
using Carillon.Messages;
using Carillon.Publishing;
using Carillon.Topics;
using Shouldly;
using Xunit;

namespace Carillon.Engines.Conformance;

/// <summary>
/// What every <see cref="ITopicEngine"/> must do. A subclass builds the backend; xunit makes one instance, so one backend, per test.
/// Each test may count on a real thread pool and a clock that stands still until it moves it.
/// </summary>
public abstract partial class TopicEngineConformance : IAsyncLifetime
{
    protected static readonly TopicName Alpha = TopicName.Create("alpha");
    protected static readonly TopicName Beta = TopicName.Create("beta/β");

    /// <summary>The clock that the engine under test is given.</summary>
    protected ManualTimeProvider Time { get; } = new();

    /// <summary>The sink of the engine that was started last.</summary>
    protected RecordingSink Sink { get; private set; } = new();

    /// <summary>The engine that was started last.</summary>
    protected ITopicEngine Engine { get; private set; } = null!;

    /// <summary>Builds an engine that is not started. A second call in one test, after <see cref="ReleaseAsync"/>, opens the same backend again.</summary>
    protected abstract ITopicEngine CreateEngine(EngineOptions options, TimeProvider time);

    /// <summary>Closes an engine and whatever was opened for it, in good order.</summary>
    protected virtual ValueTask ReleaseAsync(ITopicEngine engine)
    {
        ArgumentNullException.ThrowIfNull(engine);
        return engine.DisposeAsync();
    }

    /// <inheritdoc/>
    public virtual ValueTask InitializeAsync() => ValueTask.CompletedTask;

    /// <inheritdoc/>
    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (Engine is not null)
        {
            await ReleaseAsync(Engine);
        }
    }

    /// <summary>Opens the backend with a new sink; the topics that it says it holds are returned.</summary>
    protected async Task<IReadOnlyList<StoredTopic>> StartAsync(EngineOptions? options = null)
    {
        Sink = new RecordingSink();
        Engine = CreateEngine(options ?? new EngineOptions(), Time);
        return await Engine.StartAsync(Sink, CancellationToken.None);
    }

    protected async Task<PublishResult> PublishAsync(TopicName topic, string? id = null, string payload = "1", string? producer = null) =>
        await Engine.PublishAsync(Request(topic, id, payload, producer), CancellationToken.None);

    /// <summary>Publishes and insists that it was accepted.</summary>
    protected async Task<PublishResult> AcceptAsync(TopicName topic, string? id = null, string payload = "1", string? producer = null)
    {
        PublishResult result = await PublishAsync(topic, id, payload, producer);
        result.Error.ShouldBeNull();
        return result;
    }

    protected static PublishRequest Request(TopicName topic, string? id, string payload = "1", string? producer = null) =>
        new() { Topic = topic, MessageId = id, Payload = Encoding.UTF8.GetBytes(payload), Producer = producer };

    protected async Task<Page<Message>> QueryAsync(MessageQuery query) => await Engine.QueryAsync(query, CancellationToken.None);

    /// <summary>The whole history of a topic, oldest first, read page by page.</summary>
    protected async Task<IReadOnlyList<Message>> HistoryAsync(TopicName topic) =>
        await WalkAsync(new MessageQuery { Topic = topic, Ascending = true, Limit = Page<Message>.MaxLimit });

    /// <summary>All pages of a query, one after the other.</summary>
    protected async Task<IReadOnlyList<Message>> WalkAsync(MessageQuery query)
    {
        var all = new List<Message>();
        long? cursor = null;
        do
        {
            Page<Message> page = await QueryAsync(query with { Cursor = cursor });
            page.Items.Count.ShouldBeLessThanOrEqualTo(query.Limit);
            all.AddRange(page.Items);
            cursor = page.Next;
        }
        while (cursor is not null);
        return all;
    }

    protected static string Text(Message message)
    {
        ArgumentNullException.ThrowIfNull(message);
        return Encoding.UTF8.GetString(message.Payload.Span);
    }

    /// <summary>1 to <paramref name="count"/>.</summary>
    protected static IEnumerable<long> Gapless(int count) => Enumerable.Range(1, count).Select(i => (long)i);

    /// <summary>Lets the engine's clock run in small steps until the topic's history is as long as expected.</summary>
    protected Task HistoryBecomesAsync(TopicName topic, int count) => Eventually.HoldsAsync(
        async () =>
        {
            Time.Advance(TimeSpan.FromSeconds(1));
            return (await HistoryAsync(topic)).Count == count;
        },
        $"{count} messages in {topic}");
}
