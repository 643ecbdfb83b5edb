namespace Carillon.SocketIO.Recovery;

/// <summary>The events of one namespace that are kept, in the order of their offsets, which have holes. A ring that grows and shrinks. Guarded by its owner.</summary>
internal sealed class EventLog
{
    private const int Smallest = 8;
    private KeptEvent[] _ring = []; // Its length is a power of two, so that positions wrap with a mask.
    private int _head;

    public int Count { get; private set; }

    /// <summary>Bytes of all events that are kept.</summary>
    public long Bytes { get; private set; }

    /// <summary>Offset of the last event that is not kept any more, 0 if there is none.</summary>
    public long Forgotten { get; private set; }

    public KeptEvent Oldest => this[0];

    private KeptEvent this[int index] => _ring[(_head + index) & (_ring.Length - 1)];

    public void Add(in KeptEvent kept)
    {
        if (Count == _ring.Length)
        {
            Resize(Math.Max(Smallest, Count * 2));
        }

        _ring[(_head + Count++) & (_ring.Length - 1)] = kept;
        Bytes += kept.Bytes;
    }

    public void RemoveOldest()
    {
        KeptEvent oldest = Oldest;
        _ring[_head] = default;
        _head = (_head + 1) & (_ring.Length - 1);
        Count--;
        Bytes -= oldest.Bytes;
        Forgotten = oldest.Sent.Offset;
        if (Count < _ring.Length / 4 && _ring.Length > Smallest)
        {
            Resize(_ring.Length / 2);
        }
    }

    public void Clear()
    {
        _ring = [];
        _head = 0;
        Count = 0;
        Bytes = 0;
    }

    /// <summary>Adds up to <paramref name="limit"/> events after <paramref name="offset"/> to <paramref name="events"/>; false if some that came after it are forgotten.</summary>
    public bool TryRead(long offset, int limit, ICollection<RecoverableEvent> events)
    {
        if (offset < Forgotten)
        {
            return false;
        }

        int first = FindAfter(offset);
        int end = Math.Min(Count, first + limit);
        for (int i = first; i < end; i++)
        {
            events.Add(this[i].Sent);
        }

        return true;
    }

    private int FindAfter(long offset)
    {
        int low = 0;
        int high = Count;
        while (low < high)
        {
            int middle = low + ((high - low) / 2);
            if (this[middle].Sent.Offset > offset)
            {
                high = middle;
            }
            else
            {
                low = middle + 1;
            }
        }

        return low;
    }

    private void Resize(int length)
    {
        var ring = new KeptEvent[length];
        for (int i = 0; i < Count; i++)
        {
            ring[i] = this[i];
        }

        _ring = ring;
        _head = 0;
    }
}
