using System.Text.Json;

namespace Carillon.SocketIO.Packets;

/// <summary>The objects <c>{"_placeholder":true,"num":N}</c> that stand for binary attachments: socket.io-protocol v5, "Binary event".</summary>
internal static class Placeholders
{
    private enum Key
    {
        Other,
        Mark,
        Number,
    }

    /// <summary>Whether each placeholder in <paramref name="json"/>, which is valid JSON, names one of <paramref name="attachments"/> attachments.</summary>
    public static bool AreValid(ReadOnlySpan<byte> json, int attachments)
    {
        Span<int> numbers = stackalloc int[PacketData.MaxDepth + 1]; // For each open object: its "num", or -1.
        Span<bool> marks = stackalloc bool[PacketData.MaxDepth + 1];
        var key = Key.Other;
        var reader = new Utf8JsonReader(json, PacketData.ReaderOptions);
        while (reader.Read())
        {
            int depth = reader.CurrentDepth;
            switch (reader.TokenType)
            {
                case JsonTokenType.PropertyName:
                    key = KeyOf(ref reader);
                    continue;
                case JsonTokenType.EndObject when marks[depth] && (uint)numbers[depth] >= (uint)attachments:
                    return false;
                case JsonTokenType.EndObject or JsonTokenType.EndArray:
                    break;
                default:
                    Note(ref reader, key, marks, numbers);
                    break;
            }

            key = Key.Other;
            if (reader.TokenType == JsonTokenType.StartObject)
            {
                marks[depth] = false;
                numbers[depth] = -1;
            }
        }

        return true;
    }

    private static Key KeyOf(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.ValueTextEquals("_placeholder"u8) ? Key.Mark : reader.ValueTextEquals("num"u8) ? Key.Number : Key.Other;
        }
        catch (InvalidOperationException)
        {
            return Key.Other; // Half of a surrogate pair, escaped: valid JSON, but no text.
        }
    }

    // Of a key that stands twice the last value counts, as for clients.
    private static void Note(scoped ref Utf8JsonReader reader, Key key, scoped Span<bool> marks, scoped Span<int> numbers)
    {
        if (key == Key.Mark)
        {
            marks[reader.CurrentDepth - 1] = reader.TokenType == JsonTokenType.True;
        }
        else if (key == Key.Number)
        {
            numbers[reader.CurrentDepth - 1] = reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out int number) ? number : -1;
        }
    }
}
