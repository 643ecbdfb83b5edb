using System.Text.Json;

namespace Carillon.Specs.Schemas.Compiling;

/// <summary>One schema object while its keywords are read.</summary>
/// <param name="Element">The object.</param>
/// <param name="Place">Where it stands.</param>
/// <param name="Taken">The keywords that somebody has read.</param>
internal readonly record struct SchemaSource(JsonElement Element, string Place, HashSet<string> Taken)
{
    /// <summary>Reads a keyword, if it is there.</summary>
    public bool Take(string keyword, out JsonElement value, out string place)
    {
        place = SchemaPlace.Member(Place, keyword);
        Taken.Add(keyword);
        return Element.TryGetProperty(keyword, out value);
    }
}
