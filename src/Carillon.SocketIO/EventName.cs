using System.Collections.Concurrent;
using System.Text;

namespace Carillon.SocketIO;

/// <summary>An event's name with its UTF-8 bytes, one object for all sockets that handle it, so that packets are matched without making strings.</summary>
internal sealed class EventName
{
    // Grows only with the names that the application registers, never with what clients send.
    private static readonly ConcurrentDictionary<string, EventName> Known = new(StringComparer.Ordinal);

    private EventName(string text)
    {
        Text = text;
        Utf8 = Encoding.UTF8.GetBytes(text);
    }

    public string Text { get; }

    public byte[] Utf8 { get; }

    public static EventName Of(string text) => Known.GetOrAdd(text, static name => new EventName(name));
}
