namespace Carillon.Specs.Schemas.Keywords;

/// <summary><c>anyOf</c>.</summary>
internal sealed class AnyOfKeyword(Schema[] schemas, string place) : SchemaKeyword
{
    private readonly string _expectation = $"must fit at least one of the {schemas.Length} schemas at {place}";

    public override IEnumerable<Schema> InPlace => schemas;

    public override bool Check(Validation validation, int node, bool report)
    {
        foreach (Schema schema in schemas)
        {
            if (validation.Check(schema, node, report: false))
            {
                return true;
            }
        }

        return validation.Refuse(node, report, _expectation);
    }
}
