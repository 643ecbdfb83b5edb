using Carillon.Specs.Values;

namespace Carillon.Specs;

/// <summary>What a <see cref="FieldSpec"/> says of one field.</summary>
internal readonly record struct FieldRule(JsonTypes Types, bool IsRequired)
{
    private const string Optional = "optional ";

    /// <summary>What the text of a rule must be.</summary>
    public const string Grammar =
        "must be string, number, integer, boolean, object, array or any, with '?' behind it where null may stand too, and 'optional ' before it where the field may be absent";

    /// <summary>Reads <c>string</c>, <c>number?</c> or <c>optional integer</c>.</summary>
    public static bool TryParse(string? text, out FieldRule rule)
    {
        ReadOnlySpan<char> type = text;
        bool isOptional = type.StartsWith(Optional, StringComparison.Ordinal);
        type = isOptional ? type[Optional.Length..] : type;
        bool isNullable = type.EndsWith("?", StringComparison.Ordinal);
        type = isNullable ? type[..^1] : type;
        JsonTypes types = type is "any" ? JsonTypes.Any : type is "null" ? JsonTypes.None : JsonTypeNames.Parse(type.ToString());
        rule = new FieldRule(isNullable ? types | JsonTypes.Null : types, !isOptional);
        return types != JsonTypes.None;
    }
}
