using Carillon.Specs.Values;

namespace Carillon.Specs.Schemas.Keywords;

/// <summary><c>contains</c> with <c>minContains</c> and <c>maxContains</c>.</summary>
internal sealed class ContainsKeyword(Schema schema, int minimum, int maximum) : SchemaKeyword
{
    private readonly string _tooFew = $"must hold at least {minimum} item{(minimum == 1 ? "" : "s")} that fit{(minimum == 1 ? "s" : "")} the schema at {schema.Place}";
    private readonly string _tooMany = $"must hold at most {maximum} item{(maximum == 1 ? "" : "s")} that fit{(maximum == 1 ? "s" : "")} the schema at {schema.Place}";

    public override JsonTypes Concerns => JsonTypes.Array;

    public override bool Check(Validation validation, int node, bool report)
    {
        JsonTree tree = validation.Tree;
        int end = tree[node].Next;
        int found = 0;
        bool enough = minimum == 0 && maximum == int.MaxValue;
        for (int item = node + 1; item < end && !enough; item = tree[item].Next)
        {
            found += validation.Check(schema, item, report: false) ? 1 : 0;
            enough = maximum == int.MaxValue ? found >= minimum : found > maximum;
        }

        return found < minimum
            ? validation.Refuse(node, report, _tooFew)
            : found <= maximum || validation.Refuse(node, report, _tooMany);
    }
}
