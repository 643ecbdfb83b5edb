using System.Text;
using Carillon.Specs.Values;

namespace Carillon.Specs.Schemas.Keywords;

/// <summary><c>multipleOf</c>, without rounding: 0.3 is a multiple of 0.1.</summary>
/// <param name="divisor">Above 0, of at most 18 digits.</param>
internal sealed class MultipleOfKeyword(byte[] divisor) : SchemaKeyword
{
    private readonly string _expectation = $"must be a multiple of {Encoding.UTF8.GetString(divisor)}";

    public override JsonTypes Concerns => JsonTypes.Number;

    public override bool Check(Validation validation, int node, bool report)
    {
        ReadOnlySpan<byte> text = validation.Tree.Text(node);
        validation.Charge(text.Length / 4);
        return new ExactNumber(text).IsMultipleOf(new ExactNumber(divisor)) || validation.Refuse(node, report, _expectation);
    }
}
