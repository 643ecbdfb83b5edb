using Carillon.Messages;
using Carillon.Sqlite.Native;
using Carillon.Topics;
using SQLitePCL;

namespace Carillon.Sqlite.Writing;

/// <summary>
/// Finds messages by their ids. The table behind it follows the messages in steps: its indexes grow in as many places as there are publishers,
/// so a message on its own would touch a page or more of each, and a step of thousands touches each page once. The ids that the table does not
/// hold yet are remembered here, and read again from the messages when the file is opened.
/// </summary>
/// <remarks>Belongs to the writer thread.</remarks>
internal sealed class Lookups : IDisposable
{
    /// <summary>Messages of one step. A step takes about 10 ms, for which publishers wait.</summary>
    public const int StepRows = 2048;

    private readonly RecentIds _recent = new();
    private readonly PreparedStatement _find;
    private readonly PreparedStatement _step;
    private long _indexedTo;
    private long _lastId;

    /// <summary>Reads the ids that the table does not hold.</summary>
    public Lookups(sqlite3 database)
    {
        _find = new(
            database,
            """
            SELECT m."offset", m.timestamp FROM message_lookups l INDEXED BY message_lookups_by_message_id CROSS JOIN messages m ON m.id = l.id
            WHERE l.message_id = ?1 AND l.topic = ?2 ORDER BY l.id DESC LIMIT 1
            """);
        _step = new(
            database,
            """
            INSERT INTO message_lookups (id, topic, message_id, producer)
            SELECT id, topic, message_id, producer FROM messages WHERE id > ?1 AND id <= ?2
            """);
        using var indexed = new PreparedStatement(database, "SELECT coalesce(max(id), 0) FROM message_lookups");
        _indexedTo = indexed.First()!.Value;
        _lastId = _indexedTo;
        using var rest = new PreparedStatement(
            database, """SELECT id, topic, message_id, "offset", timestamp FROM messages WHERE id > ?1 ORDER BY id""");
        rest.Bind(1, _indexedTo);
        while (rest.Step())
        {
            Add(rest.Int64(0), TopicName.Create(rest.Text(1)), rest.Text(2), rest.Int64(3), rest.Time(4));
        }
    }

    /// <summary>Messages that the table does not hold yet.</summary>
    public long Behind => _lastId - _indexedTo;

    /// <summary>Takes note of a message that was stored.</summary>
    public void Add(long id, TopicName topic, string messageId, long offset, UnixTime timestamp)
    {
        _recent.Add(id, topic, messageId, offset, timestamp);
        _lastId = id;
    }

    /// <summary>Finds the newest message of a topic with that id: an older one is further outside the dedupe window.</summary>
    public bool TryFind(TopicState topic, string messageId, out long offset, out UnixTime timestamp)
    {
        if (_recent.TryFind(topic.Name, messageId, out offset, out timestamp))
        {
            return true;
        }

        bool found = _find.Bind(1, messageId).Bind(2, topic.Utf8).Step();
        if (found)
        {
            (offset, timestamp) = (_find.Int64(0), _find.Time(1));
        }

        _find.Reset();
        return found;
    }

    /// <summary>Brings the table on by a step, inside a transaction.</summary>
    public void Step()
    {
        long to = Math.Min(_indexedTo + StepRows, _lastId);
        _step.Bind(1, _indexedTo).Bind(2, to).Run();
        _indexedTo = to;
        _recent.ForgetUpTo(to);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _find.Dispose();
        _step.Dispose();
    }
}
