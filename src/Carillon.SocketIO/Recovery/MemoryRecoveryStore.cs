namespace Carillon.SocketIO.Recovery;

/// <summary>Keeps sessions and events of one namespace in the memory that all namespaces of its server share. Thread-safe.</summary>
internal sealed class MemoryRecoveryStore : IRecoveryStore, IDisposable
{
    private readonly RecoveryMemory _memory; // Its lock guards all fields.
    private readonly EventLog _log = new();
    private readonly Dictionary<string, LinkedListNode<KeptSession>> _sessions = new(StringComparer.Ordinal);
    private bool _isEnded;

    public MemoryRecoveryStore(RecoveryMemory memory)
    {
        _memory = memory;

        // Clients keep their last offset beyond a restart of the server or the end of a namespace. Numbers from the clock are beyond all that were given out before,
        // unless these were more than one in a microsecond; so an old offset is never taken for one of now.
        LastOffset = (memory.Time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
    }

    public long LastOffset { get; }

    public void Append(RecoverableEvent sent)
    {
        lock (_memory.Gate)
        {
            if (!_isEnded)
            {
                _memory.AppendNeedsLock(_log, sent);
            }
        }
    }

    public bool TryRead(long offset, int limit, ICollection<RecoverableEvent> events)
    {
        lock (_memory.Gate)
        {
            _memory.TrimNeedsLock(_memory.Time.GetTimestamp());
            return _log.TryRead(offset, limit, events);
        }
    }

    public ValueTask SaveAsync(RecoverableSession session, CancellationToken cancellationToken)
    {
        lock (_memory.Gate)
        {
            if (!_isEnded)
            {
                TakeNeedsLock(session.PrivateId);
                _sessions[session.PrivateId] = _memory.AddNeedsLock(this, session);
                _memory.TrimNeedsLock(_memory.Time.GetTimestamp());
            }
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask<RecoverableSession?> TakeAsync(string privateId, CancellationToken cancellationToken)
    {
        lock (_memory.Gate)
        {
            _memory.TrimNeedsLock(_memory.Time.GetTimestamp());
            return new ValueTask<RecoverableSession?>(TakeNeedsLock(privateId));
        }
    }

    /// <summary>The namespace is gone, and its clients cannot come back.</summary>
    public void Dispose()
    {
        lock (_memory.Gate)
        {
            _isEnded = true;
            _memory.ClearNeedsLock(_log);
            foreach (LinkedListNode<KeptSession> session in _sessions.Values)
            {
                _memory.RemoveNeedsLock(session);
            }

            _sessions.Clear();
        }
    }

    /// <summary>A session is too old, or one too many.</summary>
    public void ForgetNeedsLock(LinkedListNode<KeptSession> session) => TakeNeedsLock(session.Value.Session.PrivateId);

    private RecoverableSession? TakeNeedsLock(string privateId)
    {
        if (!_sessions.Remove(privateId, out LinkedListNode<KeptSession>? session))
        {
            return null;
        }

        _memory.RemoveNeedsLock(session);
        return session.Value.Session;
    }
}
