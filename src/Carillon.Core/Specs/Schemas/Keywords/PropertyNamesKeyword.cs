using Carillon.Specs.Values;

namespace Carillon.Specs.Schemas.Keywords;

/// <summary><c>propertyNames</c>.</summary>
internal sealed class PropertyNamesKeyword(Schema schema) : SchemaKeyword
{
    public override JsonTypes Concerns => JsonTypes.Object;

    public override bool Check(Validation validation, int node, bool report)
    {
        JsonTree tree = validation.Tree;
        for (int key = node + 1; key < tree[node].Next; key = tree[key + 1].Next)
        {
            if (!validation.Check(schema, key, report: false))
            {
                return validation.Refuse(key, report, $"has a name that does not fit the schema at {schema.Place}");
            }
        }

        return true;
    }
}
