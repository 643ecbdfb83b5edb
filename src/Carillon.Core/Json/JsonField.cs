namespace Carillon.Json;

/// <summary>Where the value of a field stands in the text that was read.</summary>
/// <param name="Kind">What it is; <see cref="JsonKind.Absent"/> when the object has no such field.</param>
/// <param name="Start">Index of its first byte.</param>
/// <param name="Length">Its length in bytes, quotes included.</param>
/// <param name="Depth">How deep it is nested in itself: 0 for a scalar, 1 for <c>{}</c>.</param>
public readonly record struct JsonField(JsonKind Kind, int Start, int Length, int Depth)
{
    /// <summary>The raw text of the value.</summary>
    public ReadOnlySpan<byte> Raw(ReadOnlySpan<byte> utf8) => utf8.Slice(Start, Length);
}
