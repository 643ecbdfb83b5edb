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

        var page = new MessagePageBuilder(query, path);
        if (path is MessagePath.All or MessagePath.Topic)
        {
            page.Read(reader.Prepare(MessageSql.Rows(path, query.Ascending)), within, cancellationToken);
            return page.ToPage();
        }

        // The newest messages are not among the look-ups yet: they come after those that are, or before when the newest are to come first.
        long indexedTo = reader.Prepare(MessageSql.IndexedTo).First()!.Value;
        string lookUp = MessageSql.Rows(path, query.Ascending);
        string rest = MessageSql.NotIndexed(query.Ascending);
        foreach (string text in query.Ascending ? new[] { lookUp, rest } : [rest, lookUp])
        {
            Within part = text == rest ? within.After(indexedTo) : within;
            if (!page.IsComplete && !part.IsEmpty)
            {
                page.Read(reader.Prepare(text), part, cancellationToken);
            }
        }

        return page.ToPage();
    }

    /// <summary>What is kept of a topic, in one statement and so of one moment; null when there is no such topic.</summary>
    public static TopicHistory? Describe(Reader reader, TopicName topic)
    {
        PreparedStatement row = reader.Prepare(MessageSql.History).Bind(1, topic.Value);
        try
        {
            if (!row.Step())
            {
                return null;
            }

            long deleted = row.Int64(1);
            return new TopicHistory(row.Text(0), deleted + 1, Math.Max(deleted, row.Int64(2)));
        }
        finally
        {
            row.Reset();
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
