using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Carillon.SocketIO.Packets;

/// <summary>Checks a packet's JSON and finds its parts, without copying or decoding them.</summary>
internal static class PacketData
{
    public const int MaxDepth = 1000;

    // The depth of a payload is the application's to bound; the reader does not recurse.
    public static readonly JsonReaderOptions ReaderOptions = new() { MaxDepth = MaxDepth };

    // socket.io-protocol v5 leaves these names to the libraries: a client must not send them as events.
    private static readonly string[] ReservedNames = ["connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener"];

    /// <summary>The elements of the array that <paramref name="json"/> is, or null if it is not an array or not JSON.</summary>
    public static JsonSlice[]? FindElements(ReadOnlySpan<byte> json)
    {
        var inline = default(InlineSlices);
        Span<JsonSlice> found = inline;
        int count = 0;
        var reader = new Utf8JsonReader(json, ReaderOptions);
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartArray)
            {
                return null;
            }

            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                int start = (int)reader.TokenStartIndex;
                reader.Skip();
                if (count == found.Length)
                {
                    var larger = new JsonSlice[count * 2];
                    found.CopyTo(larger);
                    found = larger;
                }

                found[count++] = new JsonSlice(start, (int)reader.BytesConsumed - start);
            }

            return reader.Read() ? null : found[..count].ToArray();
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Whether <paramref name="json"/> is one JSON object.</summary>
    public static bool IsObject(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, ReaderOptions);
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                return false;
            }

            reader.Skip();
            return !reader.Read();
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>Whether an event's first element may be its name: text that is not reserved, or a number.</summary>
    public static bool IsEventName(ReadOnlySpan<byte> element)
    {
        if (element is not [(byte)'"', ..])
        {
            return element is [(byte)'-' or (>= (byte)'0' and <= (byte)'9'), ..];
        }

        if (element.Contains((byte)'\\'))
        {
            return DecodeName(element) is { } decoded && !IsReserved(decoded);
        }

        foreach (string reserved in ReservedNames)
        {
            if (element.Length == reserved.Length + 2 && System.Text.Ascii.Equals(element[1..^1], reserved))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Throws an <see cref="ArgumentException"/> if the libraries keep <paramref name="eventName"/> for themselves.</summary>
    public static void RefuseReserved(string eventName)
    {
        ArgumentNullException.ThrowIfNull(eventName);
        if (IsReserved(eventName))
        {
            throw new ArgumentException($"'{eventName}' is a reserved event name.", nameof(eventName));
        }
    }

    /// <summary>Decodes an event's name; null if its escapes stand for no text.</summary>
    public static string? DecodeName(ReadOnlySpan<byte> element)
    {
        var reader = new Utf8JsonReader(element);
        try
        {
            reader.Read();
            return reader.TokenType == JsonTokenType.String ? reader.GetString() : System.Text.Encoding.UTF8.GetString(element);
        }
        catch (InvalidOperationException)
        {
            return null; // Half of a surrogate pair.
        }
    }

    private static bool IsReserved(string name) => Array.IndexOf(ReservedNames, name) >= 0;

    [InlineArray(8)]
    private struct InlineSlices
    {
        private JsonSlice _first;
    }
}
