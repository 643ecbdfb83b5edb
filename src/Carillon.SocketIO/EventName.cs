using System.Collections.Concurrent;
using System.Text;

namespace Carillon.SocketIO;

/// <summary>An event's name with its UTF-8 bytes, one object for all sockets that handle it where it can be, so that packets are matched without making strings.</summary>
internal sealed class EventName
{
    // Grows only with the names that the application registers, never with what clients send. Bounded, as names may be made for one use.
    private const int MaxKnown = 10_000;
    private static readonly ConcurrentDictionary<string, EventName> Known = new(StringComparer.Ordinal);

    private EventName(string text)
    {
        Text = text;
        Utf8 = Encoding.UTF8.GetBytes(text);
    }

    public string Text { get; }

    public byte[] Utf8 { get; }

    /// <summary>How many names are shared.</summary>
    public static int KnownCount => Known.Count;

    public static EventName Of(string text) =>
        Known.TryGetValue(text, out EventName? known) ? known
        : Known.Count < MaxKnown ? Known.GetOrAdd(text, static name => new EventName(name))
        : new EventName(text);
}
