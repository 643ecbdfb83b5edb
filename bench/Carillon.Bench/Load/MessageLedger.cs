using System.Runtime.InteropServices;

namespace Carillon.Bench.Load;

/// <summary>
/// Keeps what was sent and delivered in one fan-out round. The first subscriber to receive its k-th message says which message is the k-th;
/// all others must receive the same one there.
/// </summary>
internal sealed class MessageLedger(int subscribers) : ILedger
{
    private Entry[] _messages = new Entry[65_536];
    private Entry[] _positions = new Entry[65_536];
    private int _sent;
    private int _known;
    private int _answered;
    private int _completed;
    private long _deliveries;
    private long _mismatches;

    public int UnderWay => _sent - _completed;

    public bool IsComplete => UnderWay == 0 && _answered == _sent;

    public int Add(long dueAt, int publisher)
    {
        if (_sent == _messages.Length)
        {
            Array.Resize(ref _messages, _sent * 2);
            Array.Resize(ref _positions, _sent * 2);
        }
        _messages[_sent] = new Entry { SentAt = dueAt, Offset = -1 };
        return _sent++;
    }

    public void Answer(int sequence, long offset)
    {
        _messages[sequence].Offset = offset;
        _answered++;
    }

    /// <summary>Notes that a subscriber received a message as its number <paramref name="position"/>.</summary>
    /// <returns>When the message was sent.</returns>
    public long Deliver(int position, int sequence)
    {
        if (position >= _sent || sequence >= _sent)
        {
            throw new LoadException($"A subscriber received message {sequence} as its number {position}, but only {_sent} were sent.");
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
            _completed++;
        }
        return _messages[sequence].SentAt;
    }

    /// <summary>
    /// Each message once at each subscriber, at the same place everywhere; where answers name offsets, in their order and without a gap.
    /// </summary>
    public Verdict Judge()
    {
        long disordered = _mismatches;
        bool[] seen = new bool[_sent];
        for (int position = 0; position < _known; position++)
        {
            int sequence = _positions[position].Sequence;
            bool twice = seen[sequence];
            seen[sequence] = true;
            long gap = position == 0 ? 1 : _messages[sequence].Offset - _messages[_positions[position - 1].Sequence].Offset;
            bool astray = _messages[sequence].Offset >= 0 && gap != 1;
            disordered += twice || astray ? 1 : 0;
        }
        return new Verdict(((long)_sent * subscribers) - _deliveries, disordered);
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
