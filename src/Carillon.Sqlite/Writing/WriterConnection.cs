using Carillon.Engines;
using Carillon.Messages;
using Carillon.Sqlite.Files;
using Carillon.Sqlite.Native;
using Carillon.Topics;
using SQLitePCL;

namespace Carillon.Sqlite.Writing;

/// <summary>
/// The only connection that writes, its statements, and what is remembered of the tables. After a fault the whole object is replaced, so that
/// memory never claims what the file does not hold.
/// </summary>
/// <remarks>Used by one thread at a time.</remarks>
internal sealed class WriterConnection : IDisposable
{
    /// <summary>How long an insisting checkpoint waits for readers: publishers wait with it.</summary>
    private const int InsistMilliseconds = 100;

    private readonly sqlite3 _database;
    private readonly int _busyMilliseconds;
    private readonly PreparedStatement _begin;
    private readonly PreparedStatement _commit;
    private readonly PreparedStatement _rollback;
    private readonly PreparedStatement _after;
    private readonly Action<Action> _commitSeam;

    /// <summary>Takes over an open connection whose schema is up to date.</summary>
    /// <param name="database">The connection; disposed with this object.</param>
    /// <param name="options">Windows and bounds.</param>
    /// <param name="retention">What is kept of each topic; it outlives the connection.</param>
    /// <param name="time">The clock.</param>
    /// <param name="busyMilliseconds">How long a locked file is waited for.</param>
    /// <param name="commitSeam">Runs the commit it is given; tests let it fail before or after.</param>
    public WriterConnection(sqlite3 database, EngineOptions options, RetentionTable retention, TimeProvider time, int busyMilliseconds, Action<Action> commitSeam)
    {
        _database = database;
        _busyMilliseconds = busyMilliseconds;
        using var pageSize = new PreparedStatement(database, "PRAGMA page_size");
        PageSize = (int)pageSize.First()!.Value;
        _commitSeam = commitSeam;
        _begin = new(database, "BEGIN IMMEDIATE");
        _commit = new(database, "COMMIT");
        _rollback = new(database, "ROLLBACK");
        _after = new(
            database,
            """SELECT id, topic, "offset", message_id, producer, timestamp, message, publisher FROM messages WHERE id > ?1 AND id <= ?2 ORDER BY id""");
        Messages = new MessageLog(database, options, retention, time);
        Consumers = new ConsumerTables(database);
    }

    public MessageLog Messages { get; }

    public ConsumerTables Consumers { get; }

    /// <summary>Bytes of a page of this database.</summary>
    public int PageSize { get; }

    /// <summary>True when publishes are to be refused.</summary>
    public bool DiskFull { get; set; }

    /// <summary>Pages written to the write-ahead log since this was last reset.</summary>
    public int WalPages(bool reset)
    {
        const int CacheWrite = 9; // SQLITE_DBSTATUS_CACHE_WRITE
        _ = raw.sqlite3_db_status(_database, CacheWrite, out int pages, out _, reset ? 1 : 0);
        return pages;
    }

    public void Begin() => _begin.Run();

    public void Commit() => _commitSeam(_commit.Run);

    /// <summary>Undoes the open transaction, if SQLite has not done so itself.</summary>
    public void Rollback()
    {
        if (raw.sqlite3_get_autocommit(_database) == 0)
        {
            _rollback.Run();
        }
    }

    /// <summary>Copies the write-ahead log into the database file.</summary>
    /// <param name="mode"><c>SQLITE_CHECKPOINT_…</c>.</param>
    /// <param name="pages">Pages in the log.</param>
    /// <param name="copied">Pages of it that are in the file now.</param>
    /// <returns>False when a reader or another program stood in the way.</returns>
    public bool Checkpoint(int mode, out int pages, out int copied)
    {
        int result = raw.sqlite3_wal_checkpoint_v2(_database, "main", mode, out pages, out copied);
        if (result is not (raw.SQLITE_OK or raw.SQLITE_BUSY or raw.SQLITE_LOCKED))
        {
            SqliteFault.Throw(result, _database);
        }

        return result == raw.SQLITE_OK;
    }

    /// <summary>A checkpoint that also makes the log start over, and waits for readers up to 100 ms to get there.</summary>
    /// <inheritdoc cref="Checkpoint"/>
    public bool CheckpointInsisting(out int pages, out int copied)
    {
        _ = raw.sqlite3_busy_timeout(_database, InsistMilliseconds);
        try
        {
            return Checkpoint(raw.SQLITE_CHECKPOINT_RESTART, out pages, out copied);
        }
        finally
        {
            _ = raw.sqlite3_busy_timeout(_database, _busyMilliseconds);
        }
    }

    /// <summary>Messages stored after the one with the given id, in order, at most <paramref name="most"/> ids further.</summary>
    public IReadOnlyList<Message> ReadAfter(long id, int most)
    {
        var messages = new List<Message>();
        _after.Bind(1, id).Bind(2, id + most);
        while (_after.Step())
        {
            messages.Add(new Message
            {
                Topic = TopicName.Create(_after.Text(1)),
                Offset = _after.Int64(2),
                MessageId = _after.Text(3),
                Producer = _after.TextOrNull(4),
                Timestamp = _after.Time(5),
                Payload = _after.Utf8(6).ToArray(),
                Publisher = PublisherText.ToNames(_after.TextOrNull(7)),
            });
        }

        _after.Reset();
        return messages;
    }

    /// <summary>Opens the file and reads what has to be remembered.</summary>
    public static WriterConnection Open(DatabaseFile file, EngineOptions options, RetentionTable retention, TimeProvider time, Action<Action> commitSeam)
    {
        sqlite3 database = file.OpenWriter();
        try
        {
            return new WriterConnection(database, options, retention, time, file.BusyMilliseconds, commitSeam);
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (IDisposable part in new IDisposable[] { Messages, Consumers, _begin, _commit, _rollback, _after, _database })
        {
            part.Dispose();
        }
    }
}
