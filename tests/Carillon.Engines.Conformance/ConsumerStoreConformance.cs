using System.Text;
using Carillon.Consumers;
using Carillon.Messages;
using Carillon.Topics;
using Shouldly;
using Xunit;

namespace Carillon.Engines.Conformance;

/// <summary>What every <see cref="IConsumerStore"/> must do. A subclass builds the backend; xunit makes one instance, so one backend, per test.</summary>
public abstract partial class ConsumerStoreConformance : IAsyncLifetime
{
    protected static readonly TopicName Alpha = TopicName.Create("alpha");
    protected static readonly TopicName Beta = TopicName.Create("beta/β");

    /// <summary>The clock that the store under test is given.</summary>
    protected ManualTimeProvider Time { get; } = new();

    /// <summary>The store that was opened last.</summary>
    protected IConsumerStore Store { get; private set; } = null!;

    /// <summary>Builds and starts a store, with its engine where it has one. A second call in one test, after <see cref="ReleaseAsync"/>, opens the same backend again.</summary>
    protected abstract ValueTask<IConsumerStore> OpenAsync(TimeProvider time);

    /// <summary>Closes a store and whatever was opened for it, in good order.</summary>
    protected virtual ValueTask ReleaseAsync(IConsumerStore store)
    {
        ArgumentNullException.ThrowIfNull(store);
        return store.DisposeAsync();
    }

    /// <inheritdoc/>
    public virtual async ValueTask InitializeAsync() => Store = await OpenAsync(Time);

    /// <inheritdoc/>
    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await ReleaseAsync(Store);
    }

    /// <summary>Closes the store and opens the backend again.</summary>
    protected async Task ReopenAsync()
    {
        await ReleaseAsync(Store);
        Store = await OpenAsync(Time);
    }

    protected async Task SubscribeAsync(string session, string? consumer, params TopicName[] topics)
    {
        SubscriptionRecord[] records = [.. topics.Select(topic => new SubscriptionRecord(session, consumer, topic, UnixTime.Now(Time)))];
        (await Store.AddSubscriptionsAsync(records, CancellationToken.None)).ShouldBeNull();
    }

    protected async Task<IReadOnlyList<SubscriptionRecord>> SubscriptionsAsync(ConsumerQuery? query = null) =>
        (await Store.QuerySubscriptionsAsync(query ?? new ConsumerQuery { Limit = 1000 }, CancellationToken.None)).Items;

    protected async Task<ConsumptionResult> ConsumeAsync(string consumer, TopicName topic, string id, string message = "1")
    {
        ConsumptionResult result = await Store.RecordAsync(
            new Consumption
            {
                Consumer = consumer, Topic = topic, MessageId = id, Message = Encoding.UTF8.GetBytes(message), Timestamp = UnixTime.Now(Time),
            },
            CancellationToken.None);
        result.Error.ShouldBeNull();
        return result;
    }

    protected async Task<Page<Consumption>> ConsumptionsAsync(ConsumerQuery query) =>
        await Store.QueryConsumptionsAsync(query, CancellationToken.None);
}
