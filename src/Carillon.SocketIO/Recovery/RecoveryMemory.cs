using Carillon.Connections;

namespace Carillon.SocketIO.Recovery;

/// <summary>
/// What one server keeps in memory to recover clients, in all its namespaces together: as long as clients may be away and within the bounds of its settings. The oldest
/// goes first, whichever namespace it belongs to. The heartbeat ticks it while anything is kept, so that a quiet server keeps nothing either. Thread-safe.
/// </summary>
internal sealed class RecoveryMemory(ConnectionStateRecoveryOptions options, Heartbeat heartbeat) : IHeartbeatClient
{
    private readonly Queue<EventLog> _order = new(); // For each event the log it is the oldest of when its turn comes.
    private readonly LinkedList<KeptSession> _sessions = new(); // Oldest first.
    private long _bytes;
    private bool _isTicked;

    /// <summary>Guards all that is kept, logs and tables of the namespaces' stores included; held for a few instructions, or for copying one portion of events.</summary>
    public Lock Gate { get; } = new();

    /// <summary>The clock, for what is numbered by it.</summary>
    public TimeProvider Time => heartbeat.Time;

    /// <summary>How many events are kept, those included that only wait for their turn to be forgotten.</summary>
    public int EventCount
    {
        get
        {
            lock (Gate)
            {
                return _order.Count;
            }
        }
    }

    /// <summary>What the events that are kept cost.</summary>
    public long Bytes
    {
        get
        {
            lock (Gate)
            {
                return _bytes;
            }
        }
    }

    public void OnHeartbeat(long now)
    {
        lock (Gate)
        {
            TrimNeedsLock(now);
            if (_order.Count == 0 && _sessions.Count == 0)
            {
                _isTicked = false;
                heartbeat.Unregister(this);
            }
        }
    }

    public void AppendNeedsLock(EventLog log, RecoverableEvent sent)
    {
        long now = Time.GetTimestamp();
        KeptEvent kept = KeptEvent.Of(sent, now);
        log.Add(kept);
        _order.Enqueue(log);
        _bytes += kept.Bytes;
        BeginTicksNeedsLock();
        TrimNeedsLock(now);
    }

    /// <summary>Forgets the events of a namespace that is gone. Their places in the order go when it is their turn.</summary>
    public void ClearNeedsLock(EventLog log)
    {
        _bytes -= log.Bytes;
        log.Clear();
    }

    public LinkedListNode<KeptSession> AddNeedsLock(MemoryRecoveryStore store, RecoverableSession session)
    {
        BeginTicksNeedsLock();
        return _sessions.AddLast(new KeptSession(store, session, Time.GetTimestamp()));
    }

    public void RemoveNeedsLock(LinkedListNode<KeptSession> session) => _sessions.Remove(session);

    public void TrimNeedsLock(long now)
    {
        while (_order.TryPeek(out EventLog? log) && (log.Count == 0 || IsOverNeedsLock(log.Oldest, now)))
        {
            _order.Dequeue();
            if (log.Count > 0)
            {
                _bytes -= log.Oldest.Bytes;
                log.RemoveOldest();
            }
        }

        while (_sessions.First is { } first && (_sessions.Count > options.MaxSessions || IsOver(first.Value.Since, now)))
        {
            first.Value.Store.ForgetNeedsLock(first);
        }
    }

    private bool IsOverNeedsLock(in KeptEvent oldest, long now) =>
        _bytes > options.MaxBytes || _order.Count > options.MaxEvents || IsOver(oldest.Since, now);

    private bool IsOver(long since, long now) => Time.GetElapsedTime(since, now) > options.MaxDisconnectionDuration;

    private void BeginTicksNeedsLock()
    {
        if (!_isTicked)
        {
            _isTicked = true;
            heartbeat.Register(this);
        }
    }
}
