using Carillon.Specs.Schemas.Keywords;

namespace Carillon.Specs.Schemas.Compiling;

/// <summary>Keywords that combine schemas.</summary>
internal sealed partial class SchemaCompiler
{
    private void ReadCombinations(SchemaSource source, List<SchemaKeyword> keywords)
    {
        if (Subschemas(source, "allOf", out _) is { } all)
        {
            keywords.Add(new AllOfKeyword(all));
        }

        if (Subschemas(source, "anyOf", out string place) is { } any)
        {
            keywords.Add(new AnyOfKeyword(any, place));
        }

        if (Subschemas(source, "oneOf", out place) is { } one)
        {
            keywords.Add(new OneOfKeyword(one, place));
        }

        if (Subschema(source, "not") is { } not)
        {
            keywords.Add(new NotKeyword(not));
        }

        Schema? condition = Subschema(source, "if");
        Schema? then = Subschema(source, "then");
        Schema? otherwise = Subschema(source, "else");
        if (condition is not null && (then ?? otherwise) is not null)
        {
            keywords.Add(new ConditionKeyword(condition, then, otherwise));
        }
    }
}
