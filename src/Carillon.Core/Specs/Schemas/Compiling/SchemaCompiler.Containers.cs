using System.Text.Json;
using Carillon.Specs.Schemas.Keywords;
using Carillon.Specs.Values;

namespace Carillon.Specs.Schemas.Compiling;

/// <summary>Keywords for arrays and objects.</summary>
internal sealed partial class SchemaCompiler
{
    private void ReadArrays(SchemaSource source, List<SchemaKeyword> keywords)
    {
        ReadCounts(source, "Items", JsonTypes.Array, keywords);
        Schema[]? first = Subschemas(source, "prefixItems", out _);
        Schema? rest = Subschema(source, "items");
        if (first is not null || rest is not null)
        {
            keywords.Add(new ItemsKeyword(first ?? [], rest));
        }

        // Without contains these two say nothing.
        int minimum = source.Take("minContains", out JsonElement few, out string place) ? Limit(few, place) : 1;
        int maximum = source.Take("maxContains", out JsonElement many, out place) ? Limit(many, place) : int.MaxValue;
        if (Subschema(source, "contains") is { } contained)
        {
            keywords.Add(new ContainsKeyword(contained, minimum, maximum));
        }

        if (source.Take("uniqueItems", out JsonElement unique, out place) && Flag(unique, place))
        {
            keywords.Add(new UniqueItemsKeyword());
        }
    }

    private void ReadObjects(SchemaSource source, List<SchemaKeyword> keywords)
    {
        ReadCounts(source, "Properties", JsonTypes.Object, keywords);
        string[] required = source.Take("required", out JsonElement names, out string place) ? Names(names, place) : [];
        ReadProperties(source, required, keywords);
        ReadDependencies(source, keywords);
        if (Subschema(source, "propertyNames") is { } propertyNames)
        {
            keywords.Add(new PropertyNamesKeyword(propertyNames));
        }
    }

    private void ReadProperties(SchemaSource source, string[] required, List<SchemaKeyword> keywords)
    {
        string place = SchemaPlace.Member(source.Place, "properties");
        var rules = required.ToDictionary(name => name, _ => new PropertyRule(Schema: null, IsRequired: true), StringComparer.Ordinal);
        foreach ((string name, JsonElement value) in Members(source, "properties"))
        {
            rules[name] = new PropertyRule(Compile(value, SchemaPlace.Member(place, name)), rules.ContainsKey(name));
        }

        place = SchemaPlace.Member(source.Place, "patternProperties");
        var patterns = new List<PatternRule>();
        foreach ((string pattern, JsonElement value) in Members(source, "patternProperties"))
        {
            string patternPlace = SchemaPlace.Member(place, pattern);
            patterns.Add(new PatternRule(Pattern(pattern, patternPlace), Compile(value, patternPlace)));
        }

        Schema? additional = Subschema(source, "additionalProperties");
        if (rules.Count > 0 || patterns.Count > 0 || additional is not null)
        {
            keywords.Add(new PropertiesKeyword(new NameTable([.. rules.Keys]), [.. rules.Values], [.. patterns], additional));
        }
    }

    private void ReadDependencies(SchemaSource source, List<SchemaKeyword> keywords)
    {
        string place = SchemaPlace.Member(source.Place, "dependentRequired");
        var indexes = new Dictionary<string, int>(StringComparer.Ordinal);
        var dependencies = new List<(int, int)>();
        foreach ((string member, JsonElement needs) in Members(source, "dependentRequired"))
        {
            foreach (string need in Names(needs, SchemaPlace.Member(place, member)))
            {
                dependencies.Add((IndexOf(member), IndexOf(need)));
            }
        }

        if (dependencies.Count > 0)
        {
            keywords.Add(new DependentRequiredKeyword(new NameTable([.. indexes.Keys]), [.. dependencies]));
        }

        int IndexOf(string name)
        {
            indexes.TryAdd(name, indexes.Count);
            return indexes[name];
        }
    }

    private void ReadCounts(SchemaSource source, string what, JsonTypes container, List<SchemaKeyword> keywords)
    {
        if (source.Take($"min{what}", out JsonElement minimum, out string place))
        {
            keywords.Add(new CountKeyword(Limit(minimum, place), isMinimum: true, container));
        }

        if (source.Take($"max{what}", out JsonElement maximum, out place))
        {
            keywords.Add(new CountKeyword(Limit(maximum, place), isMinimum: false, container));
        }
    }
}
