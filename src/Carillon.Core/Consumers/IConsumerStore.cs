using Carillon.Engines;
using Carillon.Errors;
using Carillon.Topics;

namespace Carillon.Consumers;

/// <summary>Keeps who is subscribed and what was consumed.</summary>
/// <remarks>All members are thread-safe. A write is complete when it is as durable as the store makes it. Cancelling gives up waiting, not the write.</remarks>
public interface IConsumerStore : IAsyncDisposable
{
    /// <summary>Opens the store and forgets the subscriptions of an earlier run, whose connections are gone. Called once, after the engine started.</summary>
    ValueTask StartAsync(CancellationToken cancellationToken);

    /// <summary>Adds live subscriptions; one that exists for the same session and topic is replaced.</summary>
    /// <returns>Null, or why nothing was added.</returns>
    ValueTask<Error?> AddSubscriptionsAsync(IReadOnlyList<SubscriptionRecord> subscriptions, CancellationToken cancellationToken);

    /// <summary>Removes subscriptions of a session: those to <paramref name="topics"/>, or all when it is null. What is not there is no error.</summary>
    /// <returns>Null, or why nothing was removed.</returns>
    ValueTask<Error?> RemoveSubscriptionsAsync(string sessionId, IReadOnlyList<TopicName>? topics, CancellationToken cancellationToken);

    /// <summary>Records a consumption once per consumer, topic and message id: a repeated confirmation changes nothing.</summary>
    ValueTask<ConsumptionResult> RecordAsync(Consumption consumption, CancellationToken cancellationToken);

    /// <summary>Lists live subscriptions, newest first.</summary>
    ValueTask<Page<SubscriptionRecord>> QuerySubscriptionsAsync(ConsumerQuery query, CancellationToken cancellationToken);

    /// <summary>Lists consumptions, newest first.</summary>
    ValueTask<Page<Consumption>> QueryConsumptionsAsync(ConsumerQuery query, CancellationToken cancellationToken);

    /// <summary>Which named consumer is subscribed to, or has consumed from, which topic; each pair once.</summary>
    /// <param name="limit">Most pairs to return.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    ValueTask<IReadOnlyList<ConsumerLink>> ListConsumersAsync(int limit, CancellationToken cancellationToken);
}
