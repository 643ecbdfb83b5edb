using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Unicode;
using Carillon.Json;

namespace Carillon.AspNetCore.Authentication.Jwt;

/// <summary>Reads the JSON objects of tokens and key sets: UTF-8, no key twice at any depth, little nesting.</summary>
internal static class StrictJson
{
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 8, AllowDuplicateProperties = false };

    /// <summary>The object, to be disposed of; null if the text is none, or not strictly.</summary>
    public static JsonDocument? TryParseObject(ReadOnlyMemory<byte> utf8)
    {
        if (!Utf8.IsValid(utf8.Span))
        {
            return null;
        }

        try
        {
            JsonDocument document = JsonDocument.Parse(utf8, Options);
            if (document.RootElement.ValueKind == JsonValueKind.Object)
            {
                return document;
            }

            document.Dispose();
            return null;
        }
        catch (Exception malformed) when (malformed is JsonException or InvalidOperationException)
        {
            // The second is a key with half of a surrogate pair.
            return null;
        }
    }

    /// <summary>A string's text; false when the element is no string, or none that is Unicode.</summary>
    public static bool TryGetText(this JsonElement element, [NotNullWhen(true)] out string? text)
    {
        text = null;
        return element.ValueKind == JsonValueKind.String && JsonText.TryGetString(JsonMarshal.GetRawUtf8Value(element), out text);
    }
}
