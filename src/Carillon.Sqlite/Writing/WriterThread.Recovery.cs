using System.Runtime.InteropServices;
using Carillon.Engines;
using Carillon.Errors;
using Carillon.Messages;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Carillon.Sqlite.Writing;

internal sealed partial class WriterThread
{
    /// <summary>Messages that are read at a time when a failed commit turns out to have stored some.</summary>
    private const int RecoveryStep = 1000;

    /// <summary>Tells those who wait what is known about their writes, and replaces the connection with all that was remembered over it.</summary>
    private void Recover(Exception fault, WriteStage stage)
    {
        if (stage == WriteStage.Beginning && fault is SqliteException { SqliteErrorCode: raw.SQLITE_BUSY })
        {
            LogLocked(_logger, _batch.Count);
            FailBatch(NotStored);
            return;
        }

        _status = Restarting;
        LogFault(_logger, fault, stage, _batch.Count);
        FailBatch(stage == WriteStage.Committing ? Unknown : fault is SqliteException { SqliteErrorCode: raw.SQLITE_FULL } ? NoSpace : NotStored);
        _metrics.Restarted();
        while (!TryRestart())
        {
            if (_queue.WaitClosed(RetryDelay))
            {
                throw new InvalidOperationException("The writer was stopped while it could not restart", fault);
            }

            FailWaiting(NotStored);
        }
    }

    private bool TryRestart()
    {
        try
        {
            // Without its commit an open transaction is undone when the connection closes; either way is the same to the file.
            _connection.Dispose();
            _connection = _open();
            long recovered = _connection.Messages.LastId - _deliveredId;
            DeliverStored();
            _status = EngineStatus.Up;
            LogRestarted(_logger, Math.Max(0, recovered));
            return true;
        }
        catch (Exception e)
        {
            LogRestartFailed(_logger, e, RetryDelay.TotalSeconds);
            return false;
        }
    }

    /// <summary>
    /// A failed commit may have stored its messages after all. Their publishers will be told "duplicate" when they retry, so subscribers
    /// get them now or never.
    /// </summary>
    private void DeliverStored()
    {
        while (_deliveredId < _connection.Messages.LastId)
        {
            IReadOnlyList<Message> stored = _connection.ReadAfter(_deliveredId, RecoveryStep);
            Deliver(CollectionsMarshal.AsSpan((List<Message>)stored));
            _deliveredId = Math.Min(_deliveredId + RecoveryStep, _connection.Messages.LastId);
        }
    }

    private void FailBatch(Error error)
    {
        foreach (IWriteOperation operation in _batch)
        {
            operation.Fail(error);
        }

        _batch.Clear();
    }

    private void FailWaiting(Error error)
    {
        while (_queue.Take(_batch, MaxBatch, wait: false) && _batch.Count > 0)
        {
            FailBatch(error);
        }
    }

    /// <summary>The thread cannot go on: nothing may wait for it.</summary>
    private void End(Exception fault)
    {
        _status = Stopped;
        LogEnded(_logger, fault);
        _queue.Close();
        FailBatch(NotStored);
        FailWaiting(NotStored);
    }
}
