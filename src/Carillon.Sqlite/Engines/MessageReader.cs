using Carillon.Engines;
using Carillon.Messages;
using Carillon.Sqlite.Native;
using Carillon.Sqlite.Reading;
using Carillon.Topics;

namespace Carillon.Sqlite.Engines;

/// <summary>
/// Answers a <see cref="MessageQuery"/>. Times and offsets become a range of ids (or of offsets, where only a topic is asked for) before
/// the rows are read, so that each combination of filters walks one index from one point on and stops at the limit.
/// The cursor is the id of the last row; where only a topic is asked for it is its offset.
/// </summary>
internal static class MessageReader
{
    public static Page<Message> Query(Reader reader, MessageQuery query, CancellationToken cancellationToken)
    {
        MessagePath path = MessageSql.Path(query);
        Within? range = path == MessagePath.Topic ? Offsets(reader, query) : Ids(reader, query);
        if (range is not { IsEmpty: false } within)
        {
            return new Page<Message>([], Next: null);
        }

        PreparedStatement rows = reader.Prepare(MessageSql.Rows(path, query.Ascending));
        rows.Bind(1, within.Low).Bind(2, within.High).Bind(3, query.Limit + 1);
        rows.BindIfUsed(4, query.Topic?.Value).BindIfUsed(5, query.Producer).BindIfUsed(6, query.MessageId).BindIfUsed(7, query.AfterOffset ?? 0);
        try
        {
            return ReadPage(rows, path, query, cancellationToken);
        }
        finally
        {
            rows.Reset();
        }
    }

    public static IReadOnlyList<ProducerLink> Producers(Reader reader, int limit)
    {
        PreparedStatement rows = reader.Prepare(MessageSql.Producers);
        rows.Bind(1, limit);
        var links = new List<ProducerLink>();
        while (rows.Step())
        {
            links.Add(new ProducerLink(rows.Text(0), TopicName.Create(rows.Text(1))));
        }

        rows.Reset();
        return links;
    }

    private static Page<Message> ReadPage(PreparedStatement rows, MessagePath path, MessageQuery query, CancellationToken cancellationToken)
    {
        var messages = new List<Message>();
        var budget = new PageBudget(query.Limit);
        long last = 0;
        while (rows.Step())
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!budget.TryTake(rows.Utf8(6).Length))
            {
                return new Page<Message>(messages, last);
            }

            last = rows.Int64(path == MessagePath.Topic ? 2 : 0);
            messages.Add(new Message
            {
                Topic = query.Topic ?? TopicName.Create(rows.Text(1)),
                Offset = rows.Int64(2),
                MessageId = rows.Text(3),
                Producer = rows.TextOrNull(4),
                Timestamp = rows.Time(5),
                Payload = rows.Utf8(6).ToArray(),
            });
        }

        return new Page<Message>(messages, Next: null);
    }

    /// <summary>The ids that the times, the offset and the cursor leave. Times and ids rise together, so a time is an id.</summary>
    /// <returns>Null when there are none.</returns>
    private static Within? Ids(Reader reader, MessageQuery query)
    {
        Within range = Within.FromCursor(query.Cursor, query.Ascending);
        if (query.From is { } from)
        {
            if (reader.Prepare(MessageSql.FirstIdAtTime).Bind(1, from).First() is not { } first)
            {
                return null;
            }

            range = range.NotBefore(first);
        }

        if (query.To is { } to && reader.Prepare(MessageSql.FirstIdAtTime).Bind(1, to).First() is { } end)
        {
            range = range.EndingBefore(end);
        }

        if (query is { Topic: { } topic, AfterOffset: { } after })
        {
            if (reader.Prepare(MessageSql.FirstIdAfterOffset).Bind(1, topic.Value).Bind(2, after).First() is not { } first)
            {
                return null;
            }

            range = range.NotBefore(first);
        }

        return range;
    }

    private static Within? Offsets(Reader reader, MessageQuery query)
    {
        Within range = Within.FromCursor(query.Cursor, query.Ascending).After(query.AfterOffset ?? 0);
        if (query.From is null && query.To is null)
        {
            return range;
        }

        string topic = query.Topic!.Value.Value;
        if (reader.Prepare(MessageSql.LastOffset).Bind(1, topic).First() is not { } last)
        {
            return null;
        }

        if (query.From is { } from)
        {
            range = range.NotBefore(FirstOffsetAtTime(reader, topic, from, range, last));
        }

        return query.To is { } to ? range.EndingBefore(FirstOffsetAtTime(reader, topic, to, range, last)) : range;
    }

    /// <summary>
    /// The first offset in the range whose message was accepted at <paramref name="time"/> or later; one past the last when there is none.
    /// Offsets and times rise together, so it is found by halving: about 25 look-ups for 30 million messages, and no index by topic and time.
    /// </summary>
    private static long FirstOffsetAtTime(Reader reader, string topic, UnixTime time, Within range, long last)
    {
        PreparedStatement at = reader.Prepare(MessageSql.AtOffset).Bind(1, topic);
        long low = Math.Max(1, range.Low + 1);
        long high = last + 1;
        while (low < high)
        {
            long middle = low + ((high - low) / 2);
            at.Bind(2, middle);
            bool early = at.Step() && at.Time(1) < time;
            long found = early ? at.Int64(0) : middle;
            at.Reset();
            if (early)
            {
                low = found + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }
}
