using System.Runtime.InteropServices;

namespace Carillon.SocketIO.Recovery;

/// <summary>Keeps sessions and events in memory, as long as clients may be away and within a number of bytes. Thread-safe.</summary>
internal sealed class MemoryRecoveryStore(ConnectionStateRecoveryOptions options, TimeProvider time) : IRecoveryStore
{
    private readonly Lock _gate = new(); // Guards all fields.
    private readonly Queue<KeptEvent> _events = new();
    private readonly Queue<KeptSession> _order = new();
    private readonly Dictionary<string, KeptSession> _sessions = new(StringComparer.Ordinal);
    private long _bytes;
    private long _forgotten; // Offset of the last event that is not kept any more.

    public long LastOffset => 0;

    public void Append(RecoverableEvent sent)
    {
        lock (_gate)
        {
            long now = time.GetTimestamp();
            long bytes = sent.Frames.Sum(static frame => (long)frame.Length);
            _events.Enqueue(new KeptEvent(sent, bytes, now));
            _bytes += bytes;
            TrimNeedsLock(now);
        }
    }

    public bool TryRead(long offset, ICollection<RecoverableEvent> events)
    {
        lock (_gate)
        {
            TrimNeedsLock(time.GetTimestamp());
            if (offset < _forgotten)
            {
                return false;
            }

            foreach (KeptEvent kept in _events)
            {
                if (kept.Sent.Offset > offset)
                {
                    events.Add(kept.Sent);
                }
            }

            return true;
        }
    }

    public ValueTask SaveAsync(RecoverableSession session, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            long now = time.GetTimestamp();
            var kept = new KeptSession(session, now);
            _sessions[session.PrivateId] = kept;
            _order.Enqueue(kept);
            TrimNeedsLock(now);
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask<RecoverableSession?> TakeAsync(string privateId, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            TrimNeedsLock(time.GetTimestamp());
            return new ValueTask<RecoverableSession?>(_sessions.Remove(privateId, out KeptSession kept) ? kept.Session : null);
        }
    }

    private void TrimNeedsLock(long now)
    {
        while (_events.TryPeek(out KeptEvent oldest) && (_bytes > options.MaxBytes || IsOver(oldest.Since, now)))
        {
            _events.Dequeue();
            _bytes -= oldest.Bytes;
            _forgotten = oldest.Sent.Offset;
        }

        while (_order.TryPeek(out KeptSession first) && (_order.Count > options.MaxSessions || IsOver(first.Since, now)))
        {
            _order.Dequeue();
            if (_sessions.TryGetValue(first.Session.PrivateId, out KeptSession current) && current == first)
            {
                _sessions.Remove(first.Session.PrivateId);
            }
        }
    }

    private bool IsOver(long since, long now) => time.GetElapsedTime(since, now) > options.MaxDisconnectionDuration;

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct KeptEvent(RecoverableEvent Sent, long Bytes, long Since);

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct KeptSession(RecoverableSession Session, long Since);
}
