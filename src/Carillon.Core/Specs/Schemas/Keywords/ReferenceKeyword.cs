namespace Carillon.Specs.Schemas.Keywords;

/// <summary><c>$ref</c>.</summary>
internal sealed class ReferenceKeyword : SchemaKeyword
{
    /// <summary>The schema that it refers to; set when the whole document is read, because it may stand further down.</summary>
    public Schema? Target { get; set; }

    public override IEnumerable<Schema> InPlace => Target is null ? [] : [Target];

    public override bool Check(Validation validation, int node, bool report) => validation.CheckReferred(Target!, node, report);
}
