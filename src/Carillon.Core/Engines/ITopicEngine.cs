using Carillon.Errors;
using Carillon.Messages;
using Carillon.Publishing;
using Carillon.Topics;

namespace Carillon.Engines;

/// <summary>
/// Assigns offsets, keeps messages and hands them to fan-out. Storing and handing over are one seam because they share one order:
/// what a reader finds in history and what subscribers receive live are the same sequence.
/// </summary>
/// <remarks>All members are thread-safe. Disposing finishes what was accepted, then refuses everything as unavailable.</remarks>
public interface ITopicEngine : IAsyncDisposable
{
    /// <summary>Opens the backend. Every message accepted from then on is handed to <paramref name="sink"/>. Called once.</summary>
    /// <returns>The topics that exist from earlier, with their restrictions and without retentions.</returns>
    ValueTask<IReadOnlyList<StoredTopic>> StartAsync(IMessageSink sink, CancellationToken cancellationToken);

    /// <summary>Whether the engine takes messages now. Cheap; safe to ask at any time.</summary>
    EngineStatus Status { get; }

    /// <summary>Makes a topic exist from now on, as durably as its messages. Creating an existing one changes its retention, and its restriction if one is named, and nothing else.</summary>
    /// <returns>Null, or why it could not be created.</returns>
    ValueTask<Error?> CreateAsync(StoredTopic topic, CancellationToken cancellationToken);

    /// <summary>
    /// Stores a message under the next offset of its topic, which begins to exist if it did not. Completes when the message is as durable
    /// as the engine makes it. Within the dedupe window (at least 10 minutes, across restarts for a durable engine) a known
    /// <see cref="PublishRequest.MessageId"/> of the same topic is answered with the first one's offset, stores and delivers nothing.
    /// Cancelling gives up waiting, not the publish.
    /// </summary>
    ValueTask<PublishResult> PublishAsync(PublishRequest request, CancellationToken cancellationToken);

    /// <summary>
    /// Lists stored messages, newest accepted first unless asked otherwise. A page never holds up publishing. Within one topic the
    /// order is that of the offsets. Where payloads are large a page may end before its limit; whether more follows is told by
    /// <see cref="Page{T}.Next"/> alone.
    /// </summary>
    ValueTask<Page<Message>> QueryAsync(MessageQuery query, CancellationToken cancellationToken);

    /// <summary>What is kept of a topic at one moment: every message handed to the sink before the call counts. Null when there is no such topic.</summary>
    ValueTask<TopicHistory?> DescribeAsync(TopicName topic, CancellationToken cancellationToken);

    /// <summary>Which producer has published to which topic, as far as the engine knows; messages without a producer do not count.</summary>
    /// <param name="limit">Most pairs to return.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    ValueTask<IReadOnlyList<ProducerLink>> ListProducersAsync(int limit, CancellationToken cancellationToken);
}
