using System.Diagnostics;
using System.Runtime.InteropServices;
using Carillon.Engines;
using Carillon.Errors;
using Carillon.Messages;
using Carillon.Sqlite.Diagnostics;
using Carillon.Sqlite.Files;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using SQLitePCL;

namespace Carillon.Sqlite.Writing;

/// <summary>
/// The one thread that writes. Each round takes what waits, writes it in one transaction, commits, completes those who wait and hands the
/// messages to the sink. The commit's wait for the disk forms the next batch; there is no other delay. Between rounds it deletes what
/// retention does not keep and runs checkpoints, in small steps.
/// </summary>
internal sealed partial class WriterThread
{
    /// <summary>Most messages of one transaction.</summary>
    public const int MaxBatch = 1024;

    /// <summary>Rows that may be deleted in one gap however small the batch before it was.</summary>
    private const int MinTrim = 500;

    /// <summary>Rows that may be deleted in one gap however large the batch before it was.</summary>
    private const int MaxTrim = 2048;

    private static readonly Error NotStored = new(ErrorCode.Unavailable, "The database refused the write; nothing was stored");
    private static readonly Error NoSpace = new(ErrorCode.StorageFull, "The disk is full; nothing was stored");
    private static readonly Error Unknown = new(
        ErrorCode.OutcomeUnknown, "The commit failed and its outcome is unknown: retry with the same message_id");

    private static readonly EngineStatus NotStarted = new(Ready: false, "not started");
    private static readonly EngineStatus Restarting = new(Ready: false, "restarting after a failed write");
    private static readonly EngineStatus Stopped = new(Ready: false, "stopped");
    private static readonly EngineStatus FileGone = new(Ready: false, "the database file was removed while it was open; restart the server");
    private static readonly EngineStatus DiskFull = new(Ready: false, "free disk space is below the floor");
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    private readonly WriteQueue _queue;
    private readonly Func<WriterConnection> _open;
    private readonly Func<bool> _fileIsThere;
    private readonly SqliteOptions _options;
    private readonly DiskSpace _disk;
    private readonly SqliteMetrics _metrics;
    private readonly ILogger _logger;
    private readonly List<IWriteOperation> _batch = new(MaxBatch);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private WriterConnection _connection = null!;
    private IMessageSink _sink = null!;
    private long _deliveredId;
    private volatile bool _sweep;
    private volatile EngineStatus _status = NotStarted;

    public WriterThread(
        WriteQueue queue, Func<WriterConnection> open, Func<bool> fileIsThere, SqliteOptions options, DiskSpace disk, SqliteMetrics metrics, ILogger logger)
    {
        _queue = queue;
        _open = open;
        _fileIsThere = fileIsThere;
        _options = options;
        _disk = disk;
        _metrics = metrics;
        _logger = logger;
    }

    /// <summary>Whether publishes are expected to succeed.</summary>
    public EngineStatus Status => _status.Ready && _disk.BelowFloor ? DiskFull : _status;

    /// <summary>Whether writes are taken at all; publishes may still be refused for want of disk space.</summary>
    public bool Accepts => _status.Ready;

    /// <summary>Complete when the thread is gone and its connection is closed.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Begins to write over <paramref name="connection"/>, which is the thread's from now on.</summary>
    public void Start(WriterConnection connection, IMessageSink sink)
    {
        _connection = connection;
        _sink = sink;
        _deliveredId = connection.Messages.LastId;
        _status = EngineStatus.Up;
        new Thread(Run) { IsBackground = true, Name = "carillon-sqlite-writer" }.Start();
    }

    /// <summary>Asks for a look at retention and disk space. Thread-safe.</summary>
    public void RequestSweep()
    {
        _sweep = true;
        _queue.Wake();
    }

    private void Run()
    {
        try
        {
            while (_queue.Take(_batch, MaxBatch, wait: !_connection.Messages.Trimmer.HasWork))
            {
                int taken = _batch.Count;
                if (taken > 0)
                {
                    Write();
                }

                Maintain(taken);
            }

            _status = Stopped;
            Checkpoint(raw.SQLITE_CHECKPOINT_TRUNCATE);
        }
        catch (Exception e)
        {
            End(e);
        }
        finally
        {
            _connection.Dispose();
            _ended.SetResult();
        }
    }

    private void Write()
    {
        long start = Stopwatch.GetTimestamp();
        RefreshDisk();
        _connection.DiskFull = _disk.BelowFloor;
        if (!TryCommit(static self =>
            {
                foreach (IWriteOperation operation in self._batch)
                {
                    operation.Execute(self._connection);
                }
            }))
        {
            return;
        }

        List<Message> accepted = _connection.Messages.Accepted;
        _metrics.Committed(Stopwatch.GetElapsedTime(start), accepted.Count);
        foreach (IWriteOperation operation in _batch)
        {
            operation.Complete();
        }

        _batch.Clear();
        Deliver(CollectionsMarshal.AsSpan(accepted));
        accepted.Clear();
        _deliveredId = _connection.Messages.LastId;
    }

    /// <summary>Runs <paramref name="fill"/> in a transaction. On a fault the batch is failed and the connection replaced.</summary>
    private bool TryCommit(Action<WriterThread> fill)
    {
        var stage = WriteStage.Beginning;
        try
        {
            _connection.Begin();
            stage = WriteStage.Filling;
            fill(this);
            stage = WriteStage.Committing;
            _connection.Commit();
            return true;
        }
        catch (Exception e)
        {
            Recover(e, stage);
            return false;
        }
    }

    private void Deliver(ReadOnlySpan<Message> messages)
    {
        if (messages.IsEmpty)
        {
            return;
        }

        try
        {
            _sink.OnMessages(messages);
        }
        catch (Exception e)
        {
            LogSinkFailed(_logger, e, messages.Length);
        }
    }

    private void Maintain(int written)
    {
        Lookups lookups = _connection.Messages.Lookups;
        if ((lookups.Behind >= Lookups.StepRows || (_sweep && lookups.Behind > 0)) && !TryCommit(self => self._connection.Messages.Lookups.Step()))
        {
            return;
        }

        if (_sweep)
        {
            _sweep = false;
            RefreshDisk();
            RefuseIfFileIsGone();
            _connection.Messages.Trimmer.Sweep();
        }

        int budget = Math.Clamp(2 * written, MinTrim, MaxTrim);
        while (budget > 0 && _connection.Messages.Trimmer.Look())
        {
            int deleted = 0;
            if (!TryCommit(self => deleted = self._connection.Messages.Trimmer.Delete()))
            {
                return;
            }

            _metrics.Deleted(deleted);
            budget -= Math.Max(deleted, Trimmer.StepRows);
        }

        if (_connection.WalPages(reset: false) >= CheckpointPages)
        {
            Checkpoint(raw.SQLITE_CHECKPOINT_PASSIVE);
        }
    }

    private int CheckpointPages => (int)Math.Min(int.MaxValue, _options.CheckpointBytes / _connection.PageSize);

    private void Checkpoint(int mode)
    {
        try
        {
            bool complete = _connection.Checkpoint(mode, out int pages, out int copied);
            _connection.WalPages(reset: true);

            // A log that is copied completely starts over at the next write, unless readers keep overlapping. Then it has to be insisted upon.
            if (mode == raw.SQLITE_CHECKPOINT_PASSIVE && pages / 8 >= CheckpointPages)
            {
                complete = _connection.CheckpointInsisting(out pages, out copied);
            }

            if (!complete && pages / 8 >= CheckpointPages)
            {
                LogWalKept(_logger, pages);
            }
        }
        catch (SqliteException e)
        {
            _connection.WalPages(reset: true);
            LogCheckpointFailed(_logger, e);
        }
    }

    // The system lets a removed file be written to until it is closed: every commit would succeed, and be gone with the process.
    private void RefuseIfFileIsGone()
    {
        if (_status.Ready && !_fileIsThere())
        {
            _status = FileGone;
            LogFileGone(_logger);
        }
    }

    private void RefreshDisk()
    {
        if (!_disk.Refresh())
        {
            return;
        }

        if (_disk.BelowFloor)
        {
            LogDiskFull(_logger, _options.MinFreeDiskBytes);
        }
        else
        {
            LogDiskFree(_logger, _options.MinFreeDiskBytes);
        }
    }
}
