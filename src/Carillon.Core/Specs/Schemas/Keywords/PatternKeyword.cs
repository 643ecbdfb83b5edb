using System.Text.RegularExpressions;
using Carillon.Specs.Values;

namespace Carillon.Specs.Schemas.Keywords;

/// <summary><c>pattern</c>: the text must hold a match somewhere.</summary>
/// <param name="pattern">Not backtracking, so that its time grows with the text's length only.</param>
/// <param name="source">The pattern as it is written in the schema.</param>
internal sealed class PatternKeyword(Regex pattern, string source) : SchemaKeyword
{
    private readonly string _expectation = $"must match the pattern {ValuePath.Printable(source)}";

    public override JsonTypes Concerns => JsonTypes.String;

    public override bool Check(Validation validation, int node, bool report) =>
        pattern.IsMatch(validation.Chars(node)) || validation.Refuse(node, report, _expectation);
}
