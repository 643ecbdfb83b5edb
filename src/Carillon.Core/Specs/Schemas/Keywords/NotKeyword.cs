namespace Carillon.Specs.Schemas.Keywords;

/// <summary><c>not</c>.</summary>
internal sealed class NotKeyword(Schema schema) : SchemaKeyword
{
    private readonly string _expectation = $"must not fit the schema at {schema.Place}";

    public override IEnumerable<Schema> InPlace => [schema];

    public override bool Check(Validation validation, int node, bool report) =>
        !validation.Check(schema, node, report: false) || validation.Refuse(node, report, _expectation);
}
