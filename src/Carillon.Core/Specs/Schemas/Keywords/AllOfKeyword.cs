namespace Carillon.Specs.Schemas.Keywords;

/// <summary><c>allOf</c>.</summary>
internal sealed class AllOfKeyword(Schema[] schemas) : SchemaKeyword
{
    public override IEnumerable<Schema> InPlace => schemas;

    public override bool Check(Validation validation, int node, bool report)
    {
        foreach (Schema schema in schemas)
        {
            if (!validation.Check(schema, node, report))
            {
                return false;
            }
        }

        return true;
    }
}
