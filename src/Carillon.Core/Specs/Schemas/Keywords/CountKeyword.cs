using Carillon.Specs.Values;

namespace Carillon.Specs.Schemas.Keywords;

/// <summary><c>minItems</c>, <c>maxItems</c>, <c>minProperties</c> and <c>maxProperties</c>.</summary>
internal sealed class CountKeyword(int limit, bool isMinimum, JsonTypes container) : SchemaKeyword
{
    private readonly string _expectation =
        $"must have at {(isMinimum ? "least" : "most")} {limit} {(container == JsonTypes.Array ? "item" : "field")}{(limit == 1 ? "" : "s")}";

    public override JsonTypes Concerns => container;

    public override bool Check(Validation validation, int node, bool report)
    {
        int count = validation.Tree[node].Count;
        return (isMinimum ? count >= limit : count <= limit) || validation.Refuse(node, report, _expectation);
    }
}
