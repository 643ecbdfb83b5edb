using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace Carillon.Json;

/// <summary>Takes values out of JSON text that was checked before.</summary>
public static class JsonText
{
    /// <summary>A copy without the white space between tokens. Nothing else changes: numbers, escapes and the order of keys stay as written.</summary>
    public static byte[] Compact(ReadOnlySpan<byte> json)
    {
        int whiteSpace = CountWhiteSpace(json);
        if (whiteSpace == 0)
        {
            return json.ToArray();
        }

        byte[] compact = GC.AllocateUninitializedArray<byte>(json.Length - whiteSpace);
        bool inString = false;
        for (int i = 0, end = 0; i < json.Length; i++)
        {
            byte current = json[i];
            if (!inString && IsWhiteSpace(current))
            {
                continue;
            }

            compact[end++] = current;
            if (current == '"')
            {
                inString = !inString;
            }
            else if (current == '\\')
            {
                compact[end++] = json[++i];
            }
        }

        return compact;
    }

    /// <summary>Decodes a string value with its quotes.</summary>
    /// <returns>False when it holds an escaped half of a surrogate pair, which is no text.</returns>
    public static bool TryGetString(ReadOnlySpan<byte> json, [NotNullWhen(true)] out string? value)
    {
        var reader = new Utf8JsonReader(json);
        reader.Read();
        try
        {
            value = reader.GetString()!;
            return true;
        }
        catch (InvalidOperationException)
        {
            value = null;
            return false;
        }
    }

    private static int CountWhiteSpace(ReadOnlySpan<byte> json)
    {
        // Most payloads come compact from a serializer; a vectorised look tells.
        if (json.IndexOfAny(" \t\r\n"u8) < 0)
        {
            return 0;
        }

        int count = 0;
        bool inString = false;
        for (int i = 0; i < json.Length; i++)
        {
            byte current = json[i];
            if (current == '"')
            {
                inString = !inString;
            }
            else if (current == '\\')
            {
                i++;
            }
            else if (!inString && IsWhiteSpace(current))
            {
                count++;
            }
        }

        return count;
    }

    private static bool IsWhiteSpace(byte value) => value is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n';
}
