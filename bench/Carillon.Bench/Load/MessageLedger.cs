using System.Runtime.InteropServices;

namespace Carillon.Bench.Load;

/// <summary>
/// Keeps what was sent and delivered in one fan-out round. The first subscriber to receive its k-th message says which message is the k-th;
/// all others must receive the same one there.
/// </summary>
internal sealed class MessageLedger(int subscribers)
{
    private Entry[] _messages = new Entry[65_536];
    private Entry[] _positions = new Entry[65_536];
    private int _known;
    private long _deliveries;
    private long _mismatches;

    public int Sent { get; private set; }

    public int Answered { get; private set; }

    /// <summary>Messages that every subscriber has received.</summary>
    public int Completed { get; private set; }

    public int UnderWay => Sent - Completed;

    public int Add(long sentAt)
    {
        if (Sent == _messages.Length)
        {
            Array.Resize(ref _messages, Sent * 2);
            Array.Resize(ref _positions, Sent * 2);
        }
        _messages[Sent] = new Entry { SentAt = sentAt, Offset = -1 };
        return Sent++;
    }

    public void Answer(int sequence, long offset)
    {
        _messages[sequence].Offset = offset;
        Answered++;
    }

    /// <summary>Notes that a subscriber received a message as its number <paramref name="position"/>.</summary>
    /// <returns>When the message was sent.</returns>
    public long Deliver(int position, int sequence)
    {
        if (position >= Sent || sequence >= Sent)
        {
            throw new LoadException($"A subscriber received message {sequence} as its number {position}, but only {Sent} were sent.");
        }
        _deliveries++;
        ref Entry entry = ref _positions[position];
        if (position == _known)
        {
            _known++;
            entry.Sequence = sequence;
        }
        else if (entry.Sequence != sequence)
        {
            _mismatches++;
        }
        if (++entry.Deliveries == subscribers)
        {
            Completed++;
        }
        return _messages[sequence].SentAt;
    }

    /// <summary>
    /// Each message once at each subscriber, at the same place everywhere; where answers name offsets, in their order and without a gap.
    /// </summary>
    public Verdict Judge()
    {
        long disordered = _mismatches;
        bool[] seen = new bool[Sent];
        for (int position = 0; position < _known; position++)
        {
            int sequence = _positions[position].Sequence;
            bool twice = seen[sequence];
            seen[sequence] = true;
            long gap = position == 0 ? 1 : _messages[sequence].Offset - _messages[_positions[position - 1].Sequence].Offset;
            bool astray = _messages[sequence].Offset >= 0 && gap != 1;
            disordered += twice || astray ? 1 : 0;
        }
        return new Verdict(((long)Sent * subscribers) - _deliveries, disordered);
    }

    /// <summary>As a message: when it was sent and its offset. As a position: the message there and how many have received it.</summary>
    [StructLayout(LayoutKind.Auto)]
    private struct Entry
    {
        public long SentAt;
        public long Offset;
        public int Sequence;
        public int Deliveries;
    }
}
