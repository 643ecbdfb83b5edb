using Carillon.Messages;

namespace Carillon.Engines.InMemory;

/// <summary>
/// One topic's messages in memory. Written under the engine's lock; a <see cref="Slice"/> taken under that lock may be read without it,
/// because entries are only added behind it and arrays are replaced, never moved within.
/// </summary>
internal sealed class TopicLog(string epoch)
{
    private Entry[] _entries = new Entry[8];
    private int _start;
    private int _end;

    public string Epoch { get; } = epoch;

    /// <summary>How much is kept.</summary>
    public required Retention Retention { get; set; }

    public long LastOffset { get; private set; }

    public UnixTime LastTimestamp { get; private set; }

    public long Bytes { get; private set; }

    public int Count => _end - _start;

    public void Append(Entry entry)
    {
        if (_end == _entries.Length)
        {
            var grown = new Entry[Math.Max(8, 2 * Count)];
            Array.Copy(_entries, _start, grown, 0, Count);
            (_entries, _start, _end) = (grown, 0, Count);
        }

        _entries[_end++] = entry;
        LastOffset = entry.Message.Offset;
        LastTimestamp = entry.Message.Timestamp;
        Bytes += entry.Message.Payload.Length;
    }

    /// <summary>The kept message of that time and id; null if there is none.</summary>
    public Message? Find(UnixTime time, string messageId)
    {
        Slice slice = new Slice(_entries, _start, _end).Within(new MessageQuery { From = time, To = new UnixTime(time.Milliseconds + 1) });
        return Array.Find(slice.Entries[slice.Start..slice.End], entry => entry.Message.MessageId == messageId).Message;
    }

    /// <summary>What is kept now.</summary>
    public Slice Read(UnixTime now)
    {
        Trim(now);
        return new Slice(_entries, _start, _end);
    }

    public void Trim(UnixTime now)
    {
        while (Count > 0 && Exceeds(_entries[_start].Message, now))
        {
            Bytes -= _entries[_start++].Message.Payload.Length;
        }

        // Trimmed entries are let go of when they are most of the array.
        if (_start > 64 && _start > _entries.Length / 2)
        {
            _entries = _entries[_start.._end];
            (_start, _end) = (0, _entries.Length);
        }
    }

    private bool Exceeds(Message oldest, UnixTime now) =>
        Count > Retention.MaxCount
        || Bytes > Retention.MaxBytes
        || (Retention.MaxAge is { } age && now.Milliseconds - oldest.Timestamp.Milliseconds > age.TotalMilliseconds);

    /// <summary>A message and its place in the order of acceptance over all topics.</summary>
    internal readonly record struct Entry(long Sequence, Message Message);

    /// <summary>What a topic held at one moment, oldest first.</summary>
    internal readonly record struct Slice(Entry[] Entries, int Start, int End)
    {
        /// <summary>What is left within the bounds of a query: offsets, times and sequence all rise with the place, so that nothing outside them is walked.</summary>
        public Slice Within(MessageQuery query)
        {
            Slice slice = this;
            if (query.AfterOffset is { } after)
            {
                slice = slice with { Start = slice.FirstOf(entry => entry.Message.Offset > after) };
            }

            if (query.From is { } from)
            {
                slice = slice with { Start = slice.FirstOf(entry => entry.Message.Timestamp >= from) };
            }

            if (query.To is { } to)
            {
                slice = slice with { End = slice.FirstOf(entry => entry.Message.Timestamp >= to) };
            }

            return query.Cursor is not { } cursor ? slice
                : query.Ascending ? slice with { Start = slice.FirstOf(entry => entry.Sequence > cursor) }
                : slice with { End = slice.FirstOf(entry => entry.Sequence >= cursor) };
        }

        // The place of the first entry that is far enough; the end if none is.
        private int FirstOf(Func<Entry, bool> isFarEnough)
        {
            int low = Start;
            int high = End;
            while (low < high)
            {
                int middle = low + ((high - low) / 2);
                (low, high) = isFarEnough(Entries[middle]) ? (low, middle) : (middle + 1, high);
            }

            return low;
        }
    }
}
