using Carillon.Specs.Values;

namespace Carillon.Specs.Schemas.Keywords;

/// <summary><c>prefixItems</c> and <c>items</c>.</summary>
/// <param name="first">The schemas of the first items, one each.</param>
/// <param name="rest">The schema of all items behind those; null when they may be anything.</param>
internal sealed class ItemsKeyword(Schema[] first, Schema? rest) : SchemaKeyword
{
    public override JsonTypes Concerns => JsonTypes.Array;

    public override bool Check(Validation validation, int node, bool report)
    {
        JsonTree tree = validation.Tree;
        int end = tree[node].Next;
        int index = 0;
        for (int item = node + 1; item < end; item = tree[item].Next)
        {
            Schema? schema = index < first.Length ? first[index] : rest;
            if (schema is null)
            {
                return true;
            }

            if (!validation.Check(schema, item, report))
            {
                return false;
            }

            index++;
        }

        return true;
    }
}
