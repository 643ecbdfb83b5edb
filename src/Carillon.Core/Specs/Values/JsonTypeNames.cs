using Carillon.Json;

namespace Carillon.Specs.Values;

/// <summary>The names of types and what they take.</summary>
internal static class JsonTypeNames
{
    /// <summary>The type of that name, or none.</summary>
    public static JsonTypes Parse(string? name) => name switch
    {
        "object" => JsonTypes.Object,
        "array" => JsonTypes.Array,
        "string" => JsonTypes.String,
        "number" => JsonTypes.Number,
        "integer" => JsonTypes.Integer,
        "boolean" => JsonTypes.Boolean,
        "null" => JsonTypes.Null,
        _ => JsonTypes.None,
    };

    /// <summary>The type of every value of a kind.</summary>
    public static JsonTypes Of(JsonKind kind) => kind switch
    {
        JsonKind.Object => JsonTypes.Object,
        JsonKind.Array => JsonTypes.Array,
        JsonKind.String => JsonTypes.String,
        JsonKind.Number => JsonTypes.Number,
        JsonKind.Boolean => JsonTypes.Boolean,
        JsonKind.Null => JsonTypes.Null,
        _ => JsonTypes.None,
    };

    /// <summary>Whether a value is of one of these types.</summary>
    /// <param name="types">The types.</param>
    /// <param name="kind">What the value is.</param>
    /// <param name="text">Its text; looked at when it is a number.</param>
    public static bool Take(this JsonTypes types, JsonKind kind, ReadOnlySpan<byte> text) =>
        (types & Of(kind)) != JsonTypes.None || (kind == JsonKind.Number && (types & JsonTypes.Integer) != JsonTypes.None && new ExactNumber(text).IsInteger);

    /// <summary>What a value of another kind is told: "must be a string or null, not a number".</summary>
    public static string Expectation(this JsonTypes types, JsonKind actual)
    {
        string[] names = [.. Words.Where(word => (types & word.Type) != JsonTypes.None).Select(word => word.Text)];
        string expected = names.Length == 1 ? names[0] : $"{string.Join(", ", names[..^1])} or {names[^1]}";
        string found = actual == JsonKind.Number && (types & JsonTypes.Integer) != JsonTypes.None ? "a number with a fraction" : JsonShape.Describe(actual);
        return $"must be {expected}, not {found}";
    }

    private static readonly (JsonTypes Type, string Text)[] Words =
    [
        (JsonTypes.Object, "an object"),
        (JsonTypes.Array, "an array"),
        (JsonTypes.String, "a string"),
        (JsonTypes.Number, "a number"),
        (JsonTypes.Integer, "an integer"),
        (JsonTypes.Boolean, "a boolean"),
        (JsonTypes.Null, "null"),
    ];
}
