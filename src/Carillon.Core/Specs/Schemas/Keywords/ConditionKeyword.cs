namespace Carillon.Specs.Schemas.Keywords;

/// <summary><c>if</c> with <c>then</c> and <c>else</c>.</summary>
internal sealed class ConditionKeyword(Schema condition, Schema? then, Schema? otherwise) : SchemaKeyword
{
    public override IEnumerable<Schema> InPlace => new[] { condition, then, otherwise }.OfType<Schema>();

    public override bool Check(Validation validation, int node, bool report)
    {
        Schema? consequence = validation.Check(condition, node, report: false) ? then : otherwise;
        return consequence is null || validation.Check(consequence, node, report);
    }
}
