using System.Text.Json;
using Carillon.Errors;
using Carillon.Specs.Schemas.Keywords;

namespace Carillon.Specs.Schemas.Compiling;

/// <summary>
/// Turns the JSON of a schema into what checks payloads. Everything that it does not know is refused with its place: a keyword that did nothing would let payloads pass
/// that its author meant to refuse. The first problem ends up in <see cref="Problem"/>; what is compiled behind it means nothing.
/// </summary>
internal sealed partial class SchemaCompiler
{
    private const string Dialect = "https://json-schema.org/draft/2020-12/schema";

    private static readonly HashSet<string> Annotations =
        ["title", "description", "default", "examples", "deprecated", "readOnly", "writeOnly", "$comment", "$schema", "$id", "$defs"];

    private readonly Dictionary<string, Schema> _schemas = new(StringComparer.Ordinal);
    private readonly List<PendingReference> _references = [];

    /// <summary>Why the schema is refused; null when it is not.</summary>
    public Error? Problem { get; private set; }

    /// <summary>Compiles a whole document.</summary>
    public Schema Compile(JsonElement document)
    {
        Schema root = Compile(document, SchemaPlace.Root);
        foreach (PendingReference reference in _references)
        {
            Resolve(reference);
        }

        if (Problem is null && new InPlaceChains().FindProblem(_schemas.Values) is { } problem)
        {
            Refuse(problem.Place, problem.Expectation);
        }

        return root;
    }

    private Schema Compile(JsonElement element, string place)
    {
        var schema = new Schema(place, _schemas.Count) { IsNever = element.ValueKind == JsonValueKind.False };
        _schemas[place] = schema;
        if (element.ValueKind == JsonValueKind.Object)
        {
            schema.Fill(ReadKeywords(element, place));
        }
        else if (element.ValueKind is not (JsonValueKind.True or JsonValueKind.False))
        {
            Refuse(place, "must be a schema: an object, true or false");
        }

        return schema;
    }

    private List<SchemaKeyword> ReadKeywords(JsonElement element, string place)
    {
        var source = new SchemaSource(element, place, []);
        var keywords = new List<SchemaKeyword>();
        ReadIdentity(source);
        ReadValues(source, keywords);
        ReadNumbers(source, keywords);
        ReadTexts(source, keywords);
        ReadArrays(source, keywords);
        ReadObjects(source, keywords);
        ReadReference(source, keywords);
        ReadCombinations(source, keywords);
        foreach (JsonProperty member in element.EnumerateObject())
        {
            if (!source.Taken.Contains(member.Name) && !Annotations.Contains(member.Name))
            {
                Refuse(SchemaPlace.Member(place, member.Name), "is a keyword that is not supported");
            }
        }

        return keywords;
    }

    private void ReadIdentity(SchemaSource source)
    {
        if (source.Take("$schema", out JsonElement dialect, out string place) && Text(dialect, place).TrimEnd('#') != Dialect)
        {
            Refuse(place, $"must be {Dialect}");
        }

        if (source.Take("$id", out JsonElement id, out place))
        {
            Text(id, place);
            if (source.Place != SchemaPlace.Root)
            {
                Refuse(place, "is supported at the root only: elsewhere it changes what references mean");
            }
        }

        foreach ((string name, JsonElement definition) in Members(source, "$defs"))
        {
            Compile(definition, SchemaPlace.Member(SchemaPlace.Member(source.Place, "$defs"), name));
        }
    }

    private void ReadReference(SchemaSource source, List<SchemaKeyword> keywords)
    {
        if (source.Take("$ref", out JsonElement reference, out string place))
        {
            var keyword = new ReferenceKeyword();
            _references.Add(new PendingReference(keyword, place, Text(reference, place)));
            keywords.Add(keyword);
        }
    }

    private void Resolve(PendingReference reference)
    {
        string target = Uri.UnescapeDataString(reference.Target);
        if (!target.StartsWith('#') || (target.Length > 1 && target[1] != '/'))
        {
            Refuse(reference.Place, "must be a JSON pointer into the same document, such as #/$defs/name");
        }
        else if (_schemas.TryGetValue(target, out Schema? schema))
        {
            reference.Keyword.Target = schema;
        }
        else
        {
            Refuse(reference.Place, "must point to a schema of the same document");
        }
    }

    private void Refuse(string place, string expectation) =>
        Problem ??= new Error(ErrorCode.InvalidField, $"Schema: '{place}' {expectation}", place);

    private sealed record PendingReference(ReferenceKeyword Keyword, string Place, string Target);
}
