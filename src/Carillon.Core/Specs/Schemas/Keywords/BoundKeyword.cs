using System.Text;
using Carillon.Specs.Values;

namespace Carillon.Specs.Schemas.Keywords;

/// <summary><c>minimum</c>, <c>maximum</c> and their exclusive forms, compared digit by digit.</summary>
/// <param name="bound">The limit, as it is written in the schema.</param>
/// <param name="isMinimum">Whether numbers must be above it, not below.</param>
/// <param name="isExclusive">Whether it is itself refused.</param>
internal sealed class BoundKeyword(byte[] bound, bool isMinimum, bool isExclusive) : SchemaKeyword
{
    private readonly string _expectation =
        $"must be {(isExclusive ? isMinimum ? "above" : "below" : isMinimum ? "at least" : "at most")} {Encoding.UTF8.GetString(bound)}";

    public override JsonTypes Concerns => JsonTypes.Number;

    public override bool Check(Validation validation, int node, bool report)
    {
        ReadOnlySpan<byte> text = validation.Tree.Text(node);
        validation.Charge(text.Length / 64);
        int order = ExactNumber.Compare(new ExactNumber(text), new ExactNumber(bound));
        order = isMinimum ? order : -order;
        return order > 0 || (order == 0 && !isExclusive) || validation.Refuse(node, report, _expectation);
    }
}
