using Carillon.Specs.Schemas.Formats;
using Carillon.Specs.Values;

namespace Carillon.Specs.Schemas.Keywords;

/// <summary><c>format</c>, for the formats of <see cref="TextFormat.All"/>.</summary>
internal sealed class FormatKeyword(TextFormat format) : SchemaKeyword
{
    public override JsonTypes Concerns => JsonTypes.String;

    public override bool Check(Validation validation, int node, bool report) =>
        format.IsValid(validation.Tree.Text(node)) || validation.Refuse(node, report, format.Expectation);
}
