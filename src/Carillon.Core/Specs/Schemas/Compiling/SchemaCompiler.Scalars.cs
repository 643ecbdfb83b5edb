using System.Text;
using System.Text.Json;
using Carillon.Specs.Schemas.Formats;
using Carillon.Specs.Schemas.Keywords;
using Carillon.Specs.Values;

namespace Carillon.Specs.Schemas.Compiling;

/// <summary>Keywords for any value, for numbers and for strings.</summary>
internal sealed partial class SchemaCompiler
{
    private const int MaxDivisorDigits = 18;
    private const int MaxShownValues = 160;

    private void ReadValues(SchemaSource source, List<SchemaKeyword> keywords)
    {
        if (source.Take("type", out JsonElement type, out string place))
        {
            JsonElement[] names = type.ValueKind == JsonValueKind.Array ? [.. type.EnumerateArray()] : [type];
            JsonTypes[] types = [.. names.Select(name => JsonTypeNames.Parse(name.ValueKind == JsonValueKind.String ? name.GetString() : null))];
            JsonTypes all = types.Aggregate(JsonTypes.None, (some, next) => some | next);
            if (types.Length == 0 || types.Contains(JsonTypes.None) || types.Distinct().Count() != types.Length)
            {
                Refuse(place, "must be object, array, string, number, integer, boolean or null, or an array of some of them");
                return;
            }

            keywords.Add(new TypeKeyword((all & JsonTypes.Number) != JsonTypes.None ? all & ~JsonTypes.Integer : all));
        }

        if (source.Take("const", out JsonElement constant, out place))
        {
            keywords.Add(new ConstantsKeyword([Raw(constant)], $"must be {Shown([constant])}"));
        }

        if (source.Take("enum", out JsonElement values, out place))
        {
            JsonElement[] constants = values.ValueKind == JsonValueKind.Array ? [.. values.EnumerateArray()] : [];
            if (constants.Length == 0)
            {
                Refuse(place, "must be an array of at least one value");
            }

            keywords.Add(new ConstantsKeyword(constants.Select(Raw), $"must be one of {Shown(constants)}"));
        }
    }

    private void ReadNumbers(SchemaSource source, List<SchemaKeyword> keywords)
    {
        foreach ((string name, bool isMinimum, bool isExclusive) in new[]
        {
            ("minimum", true, false), ("maximum", false, false), ("exclusiveMinimum", true, true), ("exclusiveMaximum", false, true),
        })
        {
            if (source.Take(name, out JsonElement bound, out string place))
            {
                keywords.Add(new BoundKeyword(Number(bound, place), isMinimum, isExclusive));
            }
        }

        if (source.Take("multipleOf", out JsonElement value, out string divisorPlace))
        {
            byte[] divisor = Number(value, divisorPlace);
            var number = new ExactNumber(divisor);
            if (ExactNumber.Compare(number, new ExactNumber("0"u8)) <= 0 || number.DigitCount > MaxDivisorDigits)
            {
                Refuse(divisorPlace, $"must be above 0 and have at most {MaxDivisorDigits} digits");
            }
            else
            {
                keywords.Add(new MultipleOfKeyword(divisor));
            }
        }
    }

    private void ReadTexts(SchemaSource source, List<SchemaKeyword> keywords)
    {
        if (source.Take("minLength", out JsonElement minimum, out string place))
        {
            keywords.Add(new LengthKeyword(Limit(minimum, place), isMinimum: true));
        }

        if (source.Take("maxLength", out JsonElement maximum, out place))
        {
            keywords.Add(new LengthKeyword(Limit(maximum, place), isMinimum: false));
        }

        if (source.Take("pattern", out JsonElement pattern, out place))
        {
            string text = Text(pattern, place);
            keywords.Add(new PatternKeyword(Pattern(text, place), text));
        }

        if (source.Take("format", out JsonElement name, out place))
        {
            if (TextFormat.All.TryGetValue(Text(name, place), out TextFormat? format))
            {
                keywords.Add(new FormatKeyword(format));
            }
            else
            {
                Refuse(place, $"must be one of {string.Join(", ", TextFormat.All.Keys.Order(StringComparer.Ordinal))}");
            }
        }
    }

    private static byte[] Raw(JsonElement value) => Encoding.UTF8.GetBytes(value.GetRawText());

    private static string Shown(JsonElement[] values)
    {
        string shown = string.Join(", ", values.Select(value => Encoding.UTF8.GetString(Json.JsonText.Compact(Raw(value)))));
        return shown.Length <= MaxShownValues ? shown : values.Length == 1 ? "the constant of the schema" : $"the {values.Length} values of the schema";
    }
}
