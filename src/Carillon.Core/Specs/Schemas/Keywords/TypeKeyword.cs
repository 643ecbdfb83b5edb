using Carillon.Specs.Values;

namespace Carillon.Specs.Schemas.Keywords;

/// <summary><c>type</c>.</summary>
internal sealed class TypeKeyword(JsonTypes types) : SchemaKeyword
{
    public override bool Check(Validation validation, int node, bool report) =>
        types.Take(validation.Tree[node].Kind, validation.Tree.Text(node))
        || (report && validation.Refuse(node, report, types.Expectation(validation.Tree[node].Kind)));
}
