using Carillon.Consumers;
using Carillon.Engines;
using Carillon.Sqlite.Native;
using Carillon.Sqlite.Reading;
using Carillon.Topics;

namespace Carillon.Sqlite.Consumers;

/// <summary>
/// Lists live subscriptions, newest first. There are never more than live connections hold, so times are checked row by row. The cursor is
/// the row's id.
/// </summary>
internal static class SubscriptionReader
{
    private const string Columns = "SELECT rowid, sid, consumer, topic, connected_at FROM subscriptions";

    private const string Range =
        "rowid < ?1 AND (?2 IS NULL OR connected_at >= ?2) AND (?3 IS NULL OR connected_at < ?3) ORDER BY rowid DESC LIMIT ?4";

    private const string All = $"{Columns} WHERE {Range}";
    private const string OfConsumer = $"{Columns} INDEXED BY subscriptions_by_consumer WHERE consumer = ?5 AND {Range}";
    private const string OfTopic = $"{Columns} INDEXED BY subscriptions_by_topic WHERE topic = ?6 AND {Range}";
    private const string OfBoth = $"{Columns} INDEXED BY subscriptions_by_consumer WHERE consumer = ?5 AND topic = ?6 AND {Range}";

    /// <summary>All texts, for the test of their query plans.</summary>
    public static IEnumerable<string> AllTexts => [All, OfConsumer, OfTopic, OfBoth];

    public static Page<SubscriptionRecord> Query(Reader reader, ConsumerQuery query, CancellationToken cancellationToken)
    {
        string text = query switch
        {
            { Consumer: not null, Topic: not null } => OfBoth,
            { Consumer: not null } => OfConsumer,
            { Topic: not null } => OfTopic,
            _ => All,
        };
        PreparedStatement rows = reader.Prepare(text)
            .Bind(1, query.Cursor ?? long.MaxValue).Bind(2, query.From).Bind(3, query.To).Bind(4, query.Limit + 1);
        rows.BindIfUsed(5, query.Consumer).BindIfUsed(6, query.Topic?.Value);
        try
        {
            return ReadPage(rows, query.Limit, cancellationToken);
        }
        finally
        {
            rows.Reset();
        }
    }

    private static Page<SubscriptionRecord> ReadPage(PreparedStatement rows, int limit, CancellationToken cancellationToken)
    {
        var subscriptions = new List<SubscriptionRecord>();
        long last = 0;
        while (rows.Step())
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (subscriptions.Count == limit)
            {
                return new Page<SubscriptionRecord>(subscriptions, last);
            }

            last = rows.Int64(0);
            subscriptions.Add(new SubscriptionRecord(rows.Text(1), rows.TextOrNull(2), TopicName.Create(rows.Text(3)), rows.Time(4)));
        }

        return new Page<SubscriptionRecord>(subscriptions, Next: null);
    }
}
