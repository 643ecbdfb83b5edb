using System.Runtime.InteropServices;

namespace Carillon.Bench.Load;

/// <summary>
/// Keeps what was sent to rooms and delivered. What the protocols promise is checked: every member of a room receives what each publisher sent to it,
/// once and in the order in which it was sent; members of other rooms receive nothing of it.
/// </summary>
internal sealed class RoomLedger(int rooms, int members, int publishers) : ILedger
{
    private readonly int[] _sentBy = new int[rooms * publishers];
    private readonly int[] _receivedFrom = new int[rooms * members * publishers];
    private Entry[] _messages = new Entry[65_536];
    private int _sent;
    private int _completed;
    private long _deliveries;
    private long _disordered;

    public int UnderWay => _sent - _completed;

    public bool IsComplete => UnderWay == 0;

    /// <summary>The room that a subscriber is a member of.</summary>
    public static int RoomOf(int subscriber, int rooms) => subscriber % rooms;

    public int Add(long dueAt, int publisher)
    {
        if (_sent == _messages.Length)
        {
            Array.Resize(ref _messages, _sent * 2);
        }
        int place = _sentBy[((_sent % rooms) * publishers) + publisher]++;
        _messages[_sent] = new Entry { DueAt = dueAt, Publisher = publisher, Place = place };
        return _sent++;
    }

    /// <summary>Notes that a subscriber received a message.</summary>
    /// <returns>When the message was due.</returns>
    public long Deliver(int subscriber, int sequence)
    {
        if (sequence >= _sent || sequence % rooms != RoomOf(subscriber, rooms))
        {
            throw new LoadException($"Subscriber {subscriber} received message {sequence}, which nobody sent to its room.");
        }
        ref Entry message = ref _messages[sequence];
        ref int expected = ref _receivedFrom[(subscriber * publishers) + message.Publisher];
        if (message.Place != expected)
        {
            _disordered++;
        }
        expected = Math.Max(expected, message.Place + 1);
        _deliveries++;
        if (++message.Deliveries == members)
        {
            _completed++;
        }
        return message.DueAt;
    }

    public Verdict Judge() => new(((long)_sent * members) - _deliveries, _disordered);

    /// <summary>A message: its place is how many its publisher had sent to its room before.</summary>
    [StructLayout(LayoutKind.Auto)]
    private struct Entry
    {
        public long DueAt;
        public int Publisher;
        public int Place;
        public int Deliveries;
    }
}
