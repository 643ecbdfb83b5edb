using System.Text.Json;

namespace Carillon.Interop.Tests.Http;

/// <summary>Parses what came over a wire.</summary>
internal static class WireJson
{
    /// <summary>A message may be 64 levels deep; a row, a listing or an event adds its own.</summary>
    private static readonly JsonDocumentOptions Deep = new() { MaxDepth = 100 };

    public static JsonElement Parse(string text) => JsonElement.Parse(text, Deep);
}
