using Carillon.Json;
using Carillon.Specs.Values;

namespace Carillon.Specs.Schemas;

/// <summary>A compiled schema or subschema.</summary>
/// <remarks>Immutable once the compiler has filled it, thread-safe.</remarks>
internal sealed class Schema(string place, int number)
{
    private static readonly int Kinds = Enum.GetValues<JsonKind>().Length;

    private IReadOnlyList<SchemaKeyword> _keywords = [];
    private readonly SchemaKeyword[][] _byKind = [.. Enumerable.Repeat(Array.Empty<SchemaKeyword>(), Kinds)];

    /// <summary>Where it stands, as a JSON pointer: <c>#/properties/price</c>.</summary>
    public string Place { get; } = place;

    /// <summary>Its number among the schemas of one document.</summary>
    public int Number { get; } = number;

    /// <summary>Whether it is the schema <c>false</c>, which nothing fits.</summary>
    public bool IsNever { get; init; }

    /// <summary>The schemas that apply to the same value.</summary>
    public IEnumerable<Schema> InPlace => _keywords.SelectMany(keyword => keyword.InPlace);

    /// <summary>What is to be checked of a value of this kind.</summary>
    public ReadOnlySpan<SchemaKeyword> For(JsonKind kind) => _byKind[(int)kind];

    /// <summary>Gives the schema its keywords, in the order in which they are checked.</summary>
    public void Fill(IReadOnlyList<SchemaKeyword> keywords)
    {
        _keywords = keywords;
        foreach (JsonKind kind in Enum.GetValues<JsonKind>())
        {
            JsonTypes type = JsonTypeNames.Of(kind);
            _byKind[(int)kind] = [.. keywords.Where(keyword => (keyword.Concerns & type) != JsonTypes.None)];
        }
    }
}
