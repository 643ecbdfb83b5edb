using System.Runtime.InteropServices;
using Carillon.Connections;

namespace Carillon.SocketIO.Recovery;

/// <summary>
/// Collects what a session missed, portion by portion: most of it while others go on sending, the rest when they are held up. Not thread-safe.
/// </summary>
internal sealed class MissedEvents(IRecoveryStore store, Outbox outbox, RecoverableSession session, long after)
{
    /// <summary>Events that a store is asked for at once.</summary>
    private const int Portion = 512;

    private readonly HashSet<string> _rooms = new(session.Rooms, StringComparer.Ordinal) { session.SocketId };
    private readonly List<RecoverableEvent> _portion = [];
    private readonly List<Frame> _frames = [];
    private long _position = after;
    private long _bytes;

    /// <summary>Offset of the last event that was missed, 0 if there is none.</summary>
    public long LastOffset { get; private set; }

    /// <summary>What was missed, in order.</summary>
    public ReadOnlySpan<Frame> Frames => CollectionsMarshal.AsSpan(_frames);

    /// <summary>
    /// Goes on to the end of what was sent until now. False if some of it is not kept any more, or if it is more than the outbox takes: its client would only be cut off again.
    /// </summary>
    public bool TryReadOn()
    {
        do
        {
            _portion.Clear();
            if (!store.TryRead(_position, Portion, _portion))
            {
                return false;
            }

            AddPortion();
            if (!outbox.HasRoomFor(1 + _frames.Count, _bytes))
            {
                return false;
            }
        }
        while (_portion.Count == Portion);

        return true;
    }

    private void AddPortion()
    {
        foreach (RecoverableEvent sent in _portion)
        {
            _position = sent.Offset;
            if (sent.IsFor(_rooms))
            {
                LastOffset = sent.Offset;
                _frames.AddRange(sent.Frames);
                _bytes += sent.Frames.Sum(static frame => (long)frame.Length);
            }
        }
    }
}
