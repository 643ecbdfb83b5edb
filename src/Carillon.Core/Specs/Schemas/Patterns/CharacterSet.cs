namespace Carillon.Specs.Schemas.Patterns;

/// <summary>
/// The sets of ECMA-262 as ranges for a class of .NET. A character beyond U+FFFF is two units in .NET: complements leave its halves out and take it as a pair.
/// Texts never hold a half alone.
/// </summary>
internal static class CharacterSet
{
    /// <summary>Both halves of any surrogate pair.</summary>
    public const string Halves = @"\ud800-\udfff";

    /// <summary>One character beyond U+FFFF.</summary>
    public const string Pair = @"[\ud800-\udbff][\udc00-\udfff]";

    /// <summary>What <c>.</c> means.</summary>
    public const string AnyButLineEnds = $@"(?:[^\n\r\u2028\u2029{Halves}]|{Pair})";

    /// <summary>The ranges of an escape such as <c>\d</c>; null when it is none.</summary>
    public static string? RangesOf(char escape) => escape switch
    {
        'd' => "0-9",
        'w' => "A-Za-z0-9_",
        's' => @"\t-\r \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff",
        'D' => @"\0-/:-\ud7ff\ue000-\uffff",
        'W' => @"\0-/:-@\[-\^`{-\ud7ff\ue000-\uffff",
        'S' => @"\0-\b\x0e-\x1f!-\u009f\u00a1-\u167f\u1681-\u1fff\u200b-\u2027\u202a-\u202e\u2030-\u205e\u2060-\u2fff\u3001-\ud7ff\ue000-\ufefe\uff00-\uffff",
        _ => null,
    };

    /// <summary>A class with these ranges.</summary>
    /// <param name="ranges">The ranges; without the halves of pairs.</param>
    /// <param name="isNegated">Whether it takes what is not in them.</param>
    /// <param name="takesPairs">Whether the ranges stand for all characters beyond U+FFFF too.</param>
    public static string Class(string ranges, bool isNegated, bool takesPairs)
    {
        string units = isNegated ? $"[^{ranges}{Halves}]" : $"[{ranges}]";
        return isNegated == takesPairs ? units : $"(?:{units}|{Pair})";
    }
}
