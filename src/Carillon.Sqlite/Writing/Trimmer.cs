using Carillon.Messages;
using Carillon.Sqlite.Native;
using SQLitePCL;

namespace Carillon.Sqlite.Writing;

/// <summary>
/// Deletes what retention does not keep, in steps small enough to fit between two batches of publishes. It never counts a topic: offsets are
/// gapless and <c>topic_bytes</c> runs up, so both bounds are differences.
/// </summary>
/// <remarks>Belongs to the writer thread.</remarks>
internal sealed class Trimmer : IDisposable
{
    /// <summary>Most rows that one transaction deletes.</summary>
    public const int StepRows = 500;

    /// <summary>Topics looked at in one step: the first look at each costs two index look-ups.</summary>
    private const int StepTopics = 256;

    private readonly MessageLog _log;
    private readonly HashSet<TopicState> _bounded = [];
    private readonly Queue<TopicState> _due = new();
    private readonly PreparedStatement _oldest;
    private readonly PreparedStatement _delete;
    private readonly PreparedStatement _deleteLookups;
    private readonly PreparedStatement _setFloor;
    private readonly PreparedStatement _keepId;
    private readonly PreparedStatement _forgetIds;
    private readonly PreparedStatement _anyIds;
    private bool _idsDue;

    public Trimmer(sqlite3 database, MessageLog log)
    {
        _log = log;
        _oldest = new(
            database,
            """
            SELECT "offset", topic_bytes, timestamp, message_id, id FROM messages INDEXED BY messages_by_topic_offset
            WHERE topic = ?1 ORDER BY "offset" LIMIT ?2
            """);
        _delete = new(database, """DELETE FROM messages INDEXED BY messages_by_topic_offset WHERE topic = ?1 AND "offset" <= ?2""");
        _deleteLookups = new(
            database,
            """
            DELETE FROM message_lookups WHERE id IN
                (SELECT id FROM messages INDEXED BY messages_by_topic_offset WHERE topic = ?1 AND "offset" <= ?2)
            """);
        _setFloor = new(database, "UPDATE topics SET last_deleted_offset = ?2, last_deleted_id = ?3 WHERE name = ?1");
        _keepId = new(database, """INSERT OR REPLACE INTO deleted_ids (message_id, topic, "offset", timestamp) VALUES (?1, ?2, ?3, ?4)""");
        _forgetIds = new(
            database,
            """
            DELETE FROM deleted_ids WHERE (message_id, topic) IN
                (SELECT message_id, topic FROM deleted_ids INDEXED BY deleted_ids_by_timestamp WHERE timestamp < ?1 ORDER BY timestamp LIMIT ?2)
            """);
        _anyIds = new(database, "SELECT EXISTS (SELECT 1 FROM deleted_ids)");
        HasDeletedIds = AnyDeletedIds();
    }

    /// <summary>False when no deleted message's id needs to be remembered.</summary>
    public bool HasDeletedIds { get; private set; }

    /// <summary>True when a step would have something to look at.</summary>
    public bool HasWork => _due.Count > 0 || _idsDue;

    /// <summary>Watches over a topic, if its retention has bounds. To be called again when that changes.</summary>
    public void Track(TopicState topic)
    {
        if (topic.Retention.KeepsEverything)
        {
            _bounded.Remove(topic);
            return;
        }

        _bounded.Add(topic);
        if (!topic.TrimQueued)
        {
            Queue(topic);
        }
    }

    /// <summary>Called for each message stored: a topic that outgrows its bounds fast does not wait for the sweep.</summary>
    public void Consider(TopicState topic)
    {
        if (!topic.TrimQueued && topic.IsFarOverdue())
        {
            Queue(topic);
        }
    }

    /// <summary>Puts every bounded topic up for a look. Called about once a second.</summary>
    public void Sweep()
    {
        UnixTime now = _log.Now;
        foreach (TopicState topic in _bounded)
        {
            // One that is known to be within its bounds needs no turn; the first look reads its numbers.
            if (!topic.TrimQueued && (!topic.Loaded || topic.IsOverdue(now)))
            {
                Queue(topic);
            }
        }

        _idsDue = HasDeletedIds;
    }

    /// <summary>Finds the next topics that hold too much.</summary>
    /// <returns>False when there is nothing to delete now; otherwise <see cref="Delete"/> has something to do.</returns>
    public bool Look()
    {
        for (int i = 0; i < StepTopics && _due.TryPeek(out TopicState? topic); i++)
        {
            _log.EnsureLoaded(topic);
            if (topic.IsOverdue(_log.Now))
            {
                return true;
            }

            _due.Dequeue().TrimQueued = false;
        }

        return _idsDue;
    }

    /// <summary>Deletes up to <see cref="StepRows"/> messages, inside a transaction.</summary>
    /// <returns>The number deleted.</returns>
    public int Delete()
    {
        int deleted = 0;
        while (deleted < StepRows && _due.TryPeek(out TopicState? topic) && topic.Loaded)
        {
            deleted += DeleteOldest(topic, StepRows - deleted);
            if (!topic.IsOverdue(_log.Now))
            {
                _due.Dequeue().TrimQueued = false;
            }
        }

        if (_idsDue && deleted < StepRows)
        {
            ForgetIds();
        }

        return deleted;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (PreparedStatement statement in new[] { _oldest, _delete, _deleteLookups, _setFloor, _keepId, _forgetIds, _anyIds })
        {
            statement.Dispose();
        }
    }

    private void Queue(TopicState topic)
    {
        topic.TrimQueued = true;
        _due.Enqueue(topic);
    }

    /// <summary>Deletes from the oldest on while the oldest is beyond the bounds, at most <paramref name="most"/>.</summary>
    private int DeleteOldest(TopicState topic, int most)
    {
        UnixTime now = _log.Now;
        UnixTime windowStart = _log.WindowStart;
        long bytesBefore = topic.BytesBeforeFirst;
        long lastOffset = 0, lastId = 0;
        int count = 0;
        topic.FirstOffset = topic.LastOffset + 1;
        _oldest.Bind(1, topic.Utf8).Bind(2, most + 1);
        while (_oldest.Step())
        {
            UnixTime timestamp = _oldest.Time(2);
            if (count == most || !topic.IsBeyond(_oldest.Int64(0), bytesBefore, timestamp, now))
            {
                topic.FirstOffset = _oldest.Int64(0);
                topic.FirstTimestamp = timestamp;
                break;
            }

            (lastOffset, bytesBefore, lastId) = (_oldest.Int64(0), _oldest.Int64(1), _oldest.Int64(4));
            count++;
            if (timestamp >= windowStart)
            {
                _keepId.Bind(1, _oldest.Utf8(3)).Bind(2, topic.Utf8).Bind(3, lastOffset).Bind(4, timestamp).Run();
                HasDeletedIds = true;
            }
        }

        _oldest.Reset();
        topic.BytesBeforeFirst = bytesBefore;
        if (count > 0)
        {
            _deleteLookups.Bind(1, topic.Utf8).Bind(2, lastOffset).Run();
            _delete.Bind(1, topic.Utf8).Bind(2, lastOffset).Run();
            _setFloor.Bind(1, topic.Utf8).Bind(2, lastOffset).Bind(3, lastId).Run();
        }

        return count;
    }

    private bool AnyDeletedIds()
    {
        _anyIds.Step();
        bool any = _anyIds.Int64(0) == 1;
        _anyIds.Reset();
        return any;
    }

    private void ForgetIds()
    {
        _forgetIds.Bind(1, _log.WindowStart).Bind(2, StepRows).Run();
        _idsDue = _forgetIds.Changes == StepRows;
        if (!_idsDue)
        {
            HasDeletedIds = AnyDeletedIds();
        }
    }
}
