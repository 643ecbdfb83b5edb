using Carillon.Access;
using Carillon.Engines;
using Carillon.Errors;
using Carillon.Messages;
using Carillon.Topics;

namespace Carillon.Hubs;

public sealed partial class Hub
{
    /// <summary>Null when <paramref name="requester"/> may read a topic; else why not: there is none of that name, or it does not let him subscribe.</summary>
    public ValueTask<Error?> CheckReaderAsync(TopicName topic, Requester requester, CancellationToken cancellationToken) => _topics.Find(topic) is { } live
        ? live.Composition.Subscribers.DecideAsync(new AccessRequest(requester, topic, AccessKind.Subscribe), Faults, cancellationToken)
        : new ValueTask<Error?>(UnknownTopic(topic));

    /// <summary>What is kept of a topic, wherever that is; null if nothing is known of it. Asks nobody for authority.</summary>
    public ValueTask<TopicHistory?> DescribeAsync(TopicName topic, CancellationToken cancellationToken) => Engines.Of(topic).DescribeAsync(topic, cancellationToken);

    /// <summary>Lists messages of one topic, wherever they are. Asks nobody for authority.</summary>
    /// <param name="topic">The topic.</param>
    /// <param name="query">What to list of it; its own topic does not count.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public ValueTask<Page<Message>> QueryAsync(TopicName topic, MessageQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        return Engines.Of(topic).QueryAsync(query with { Topic = topic }, cancellationToken);
    }

    /// <summary>The names of the topics that exist, in the order of their characters: up to <paramref name="limit"/> behind <paramref name="after"/>. Asks nobody for authority.</summary>
    public IReadOnlyList<TopicName> ListTopics(string after, int limit) => _topics.Sorted.Behind(after, limit);

    /// <summary>How many live subscriptions name a topic on this node; those of patterns do not count.</summary>
    public int CountSubscriptions(TopicName topic) => _topics.Find(topic)?.SubscriptionCount ?? 0;
}
