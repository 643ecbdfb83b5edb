using Carillon.Consumers;
using Carillon.Sqlite.Native;
using Carillon.Sqlite.Reading;
using Carillon.Topics;

namespace Carillon.Sqlite.Consumers;

/// <summary>
/// Lists which consumer has to do with which topic. It jumps from pair to pair in an index, so the cost is that of the pairs, not of the rows.
/// </summary>
internal static class ConsumerLinkReader
{
    private const string NextSubscribed =
        """
        SELECT consumer, topic FROM subscriptions INDEXED BY subscriptions_by_consumer
        WHERE consumer IS NOT NULL AND (consumer, topic) > (?1, ?2) ORDER BY consumer, topic LIMIT 1
        """;

    private const string NextConsumed =
        """
        SELECT consumer, topic FROM consumptions INDEXED BY consumptions_by_consumer_topic
        WHERE (consumer, topic) > (?1, ?2) ORDER BY consumer, topic LIMIT 1
        """;

    /// <summary>All texts, for the test of their query plans.</summary>
    public static IEnumerable<string> AllTexts => [NextSubscribed, NextConsumed];

    public static IReadOnlyList<ConsumerLink> List(Reader reader, int limit, CancellationToken cancellationToken)
    {
        var links = new HashSet<ConsumerLink>();
        foreach (string text in AllTexts)
        {
            PreparedStatement next = reader.Prepare(text).Bind(1, string.Empty).Bind(2, string.Empty);
            while (links.Count < limit && next.Step())
            {
                cancellationToken.ThrowIfCancellationRequested();
                var link = new ConsumerLink(TopicName.Create(next.Text(1)), next.Text(0));
                links.Add(link);
                next.Reset();
                next.Bind(1, link.Consumer).Bind(2, link.Topic.Value);
            }

            next.Reset();
        }

        return [.. links];
    }
}
