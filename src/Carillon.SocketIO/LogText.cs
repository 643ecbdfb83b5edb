using System.Globalization;
using System.Text;

namespace Carillon.SocketIO;

/// <summary>Texts on their way to the log that clients may have chosen: no longer than they need be, and in one line.</summary>
internal static class LogText
{
    /// <summary>Of a namespace's or an event's name, so many characters are logged.</summary>
    public const int LongestName = 64;

    /// <summary>Of what was wrong with what a client sent, so many.</summary>
    public const int LongestProblem = 256;

    /// <summary>The first <paramref name="longest"/> characters of <paramref name="text"/>; those that could look like another line, or hide one, are escaped.</summary>
    public static string Of(string text, int longest)
    {
        if (text.Length <= longest && !text.Any(NeedsEscape))
        {
            return text;
        }

        var safe = new StringBuilder();
        foreach (char character in text.AsSpan(0, Math.Min(text.Length, longest)))
        {
            _ = NeedsEscape(character) ? safe.Append(CultureInfo.InvariantCulture, $"\\u{(int)character:x4}") : safe.Append(character);
        }

        return text.Length > longest ? safe.Append('…').ToString() : safe.ToString();
    }

    private static bool NeedsEscape(char character) => char.GetUnicodeCategory(character)
        is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}
