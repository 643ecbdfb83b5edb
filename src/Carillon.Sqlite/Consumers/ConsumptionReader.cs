using Carillon.Consumers;
using Carillon.Engines;
using Carillon.Sqlite.Native;
using Carillon.Sqlite.Reading;
using Carillon.Topics;

namespace Carillon.Sqlite.Consumers;

/// <summary>Lists consumptions, newest first. Times become a range of ids first, so that each combination of filters walks one index. The cursor is the id.</summary>
internal static class ConsumptionReader
{
    private const string Columns = "SELECT id, consumer, topic, message_id, timestamp, message FROM consumptions";
    private const string Range = "id > ?1 AND id < ?2 ORDER BY id DESC LIMIT ?3";

    private const string FirstAtTime =
        "SELECT id FROM consumptions INDEXED BY consumptions_by_timestamp WHERE timestamp >= ?1 ORDER BY timestamp, id LIMIT 1";

    private const string All = $"{Columns} WHERE {Range}";
    private const string OfConsumer = $"{Columns} INDEXED BY consumptions_by_consumer WHERE consumer = ?4 AND {Range}";
    private const string OfTopic = $"{Columns} INDEXED BY consumptions_by_topic WHERE topic = ?5 AND {Range}";
    private const string OfBoth = $"{Columns} INDEXED BY consumptions_by_consumer_topic WHERE consumer = ?4 AND topic = ?5 AND {Range}";

    /// <summary>All texts, for the test of their query plans.</summary>
    public static IEnumerable<string> AllTexts => [FirstAtTime, All, OfConsumer, OfTopic, OfBoth];

    public static Page<Consumption> Query(Reader reader, ConsumerQuery query, CancellationToken cancellationToken)
    {
        if (Ids(reader, query) is not { IsEmpty: false } ids)
        {
            return new Page<Consumption>([], Next: null);
        }

        string text = query switch
        {
            { Consumer: not null, Topic: not null } => OfBoth,
            { Consumer: not null } => OfConsumer,
            { Topic: not null } => OfTopic,
            _ => All,
        };
        PreparedStatement rows = reader.Prepare(text).Bind(1, ids.Low).Bind(2, ids.High).Bind(3, query.Limit + 1);
        rows.BindIfUsed(4, query.Consumer).BindIfUsed(5, query.Topic?.Value);
        try
        {
            return ReadPage(rows, query.Limit, cancellationToken);
        }
        finally
        {
            rows.Reset();
        }
    }

    private static Within? Ids(Reader reader, ConsumerQuery query)
    {
        Within ids = Within.FromCursor(query.Cursor, ascending: false);
        if (query.From is { } from)
        {
            if (reader.Prepare(FirstAtTime).Bind(1, from).First() is not { } first)
            {
                return null;
            }

            ids = ids.NotBefore(first);
        }

        return query.To is { } to && reader.Prepare(FirstAtTime).Bind(1, to).First() is { } end ? ids.EndingBefore(end) : ids;
    }

    private static Page<Consumption> ReadPage(PreparedStatement rows, int limit, CancellationToken cancellationToken)
    {
        var consumptions = new List<Consumption>();
        var budget = new PageBudget(limit);
        long last = 0;
        while (rows.Step())
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!budget.TryTake(rows.Utf8(5).Length))
            {
                return new Page<Consumption>(consumptions, last);
            }

            last = rows.Int64(0);
            consumptions.Add(new Consumption
            {
                Consumer = rows.Text(1),
                Topic = TopicName.Create(rows.Text(2)),
                MessageId = rows.Text(3),
                Timestamp = rows.Time(4),
                Message = rows.Utf8(5).ToArray(),
            });
        }

        return new Page<Consumption>(consumptions, Next: null);
    }
}
