using Carillon.Specs.Values;

namespace Carillon.Specs.Schemas.Keywords;

/// <summary><c>minLength</c> and <c>maxLength</c>, in Unicode code points.</summary>
internal sealed class LengthKeyword(int limit, bool isMinimum) : SchemaKeyword
{
    private readonly string _expectation = $"must have at {(isMinimum ? "least" : "most")} {limit} character{(limit == 1 ? "" : "s")}";

    public override JsonTypes Concerns => JsonTypes.String;

    public override bool Check(Validation validation, int node, bool report)
    {
        ReadOnlySpan<byte> text = validation.Tree.Text(node);

        // A character has one byte to four; mostly the bytes alone tell.
        bool fits = isMinimum
            ? text.Length >= limit && (text.Length / 4 >= limit || CodePoints(validation, text) >= limit)
            : text.Length <= limit || (text.Length / 4 <= limit && CodePoints(validation, text) <= limit);
        return fits || validation.Refuse(node, report, _expectation);
    }

    private static int CodePoints(Validation validation, ReadOnlySpan<byte> text)
    {
        validation.Charge(text.Length / 64);
        int continuations = 0;
        foreach (byte value in text)
        {
            continuations += (value & 0xC0) == 0x80 ? 1 : 0;
        }

        return text.Length - continuations;
    }
}
