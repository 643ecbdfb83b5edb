namespace Carillon.AspNetCore.Events;

/// <summary>The formats of streams of one topic: all of those on the same topic and epoch have the same, so that its messages are encoded once for them. Thread-safe.</summary>
internal sealed class EventFormats
{
    private readonly Lock _gate = new(); // Guards the entries and their counts.
    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);

    /// <summary>The format for a part of an id, to be given back by <see cref="Release"/>.</summary>
    public EventWireFormat Take(string part)
    {
        lock (_gate)
        {
            if (!_entries.TryGetValue(part, out Entry? entry))
            {
                _entries.Add(part, entry = new Entry(EventWireFormat.Of(part)));
            }

            entry.Users++;
            return entry.Format;
        }
    }

    public void Release(string part)
    {
        lock (_gate)
        {
            if (_entries.TryGetValue(part, out Entry? entry) && --entry.Users == 0)
            {
                _entries.Remove(part);
            }
        }
    }

    private sealed class Entry(EventWireFormat format)
    {
        public EventWireFormat Format { get; } = format;

        public int Users { get; set; }
    }
}
