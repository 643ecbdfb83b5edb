using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Carillon.Specs.Schemas.Patterns;
using Carillon.Specs.Values;

namespace Carillon.Specs.Schemas.Compiling;

/// <summary>The values that keywords have.</summary>
internal sealed partial class SchemaCompiler
{
    private static readonly Regex NeverUsed = new("(?!)", RegexOptions.None, TimeSpan.FromSeconds(1));

    private string Text(JsonElement value, string place)
    {
        if (value.ValueKind != JsonValueKind.String)
        {
            Refuse(place, "must be a string");
            return string.Empty;
        }

        return value.GetString()!;
    }

    private byte[] Number(JsonElement value, string place)
    {
        if (value.ValueKind != JsonValueKind.Number)
        {
            Refuse(place, "must be a number");
            return "1"u8.ToArray();
        }

        return Encoding.UTF8.GetBytes(value.GetRawText());
    }

    /// <summary>A number of things; more than a payload can hold is as good as any large number.</summary>
    private int Limit(JsonElement value, string place)
    {
        if (value.ValueKind == JsonValueKind.Number)
        {
            var number = new ExactNumber(Encoding.UTF8.GetBytes(value.GetRawText()));
            if (number.IsInteger && ExactNumber.Compare(number, new ExactNumber("0"u8)) >= 0)
            {
                return ExactNumber.Compare(number, new ExactNumber("2147483646"u8)) >= 0 ? int.MaxValue - 1 : (int)value.GetDouble();
            }
        }

        Refuse(place, "must be an integer that is not negative");
        return 0;
    }

    private bool Flag(JsonElement value, string place)
    {
        if (value.ValueKind is not (JsonValueKind.True or JsonValueKind.False))
        {
            Refuse(place, "must be true or false");
        }

        return value.ValueKind == JsonValueKind.True;
    }

    private Regex Pattern(string pattern, string place)
    {
        if (EcmaPattern.TryCompile(pattern, out Regex? compiled, out string? problem))
        {
            return compiled;
        }

        Refuse(place, problem);
        return NeverUsed;
    }

    private Schema? Subschema(SchemaSource source, string keyword) =>
        source.Take(keyword, out JsonElement value, out string place) ? Compile(value, place) : null;

    /// <summary>The schemas of a keyword that has an array of them; null when it is absent.</summary>
    private Schema[]? Subschemas(SchemaSource source, string keyword, out string place)
    {
        if (!source.Take(keyword, out JsonElement value, out place))
        {
            return null;
        }

        if (value.ValueKind != JsonValueKind.Array || value.GetArrayLength() == 0)
        {
            Refuse(place, "must be an array of at least one schema");
            return [];
        }

        string array = place;
        return [.. value.EnumerateArray().Select((schema, index) => Compile(schema, SchemaPlace.Element(array, index)))];
    }

    private IEnumerable<(string Name, JsonElement Value)> Members(SchemaSource source, string keyword)
    {
        if (!source.Take(keyword, out JsonElement value, out string place))
        {
            return [];
        }

        if (value.ValueKind != JsonValueKind.Object)
        {
            Refuse(place, "must be an object");
            return [];
        }

        return value.EnumerateObject().Select(member => (member.Name, member.Value));
    }

    /// <summary>An array of different strings.</summary>
    private string[] Names(JsonElement value, string place)
    {
        if (value.ValueKind == JsonValueKind.Array && value.EnumerateArray().All(name => name.ValueKind == JsonValueKind.String))
        {
            string[] names = [.. value.EnumerateArray().Select(name => name.GetString()!)];
            if (names.Distinct(StringComparer.Ordinal).Count() == names.Length)
            {
                return names;
            }
        }

        Refuse(place, "must be an array of strings, each of them once");
        return [];
    }
}
