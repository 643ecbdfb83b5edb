namespace Carillon.Specs.Schemas.Keywords;

/// <summary><c>oneOf</c>.</summary>
internal sealed class OneOfKeyword(Schema[] schemas, string place) : SchemaKeyword
{
    private readonly string _none = $"must fit one of the {schemas.Length} schemas at {place} and fits none";
    private readonly string _several = $"must fit exactly one of the {schemas.Length} schemas at {place} and fits more";

    public override IEnumerable<Schema> InPlace => schemas;

    public override bool Check(Validation validation, int node, bool report)
    {
        int fitting = 0;
        foreach (Schema schema in schemas)
        {
            if (validation.Check(schema, node, report: false) && ++fitting > 1)
            {
                return validation.Refuse(node, report, _several);
            }
        }

        return fitting == 1 || validation.Refuse(node, report, _none);
    }
}
