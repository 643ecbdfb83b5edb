using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;

namespace Carillon.AspNetCore.Authentication.Jwt;

/// <summary>
/// Base64url as RFC 7515 §2 has it and not a character more: no padding, no white space, and the bits that the last character has left over are zero.
/// The framework's decoder lets padding and white space pass, so that several texts would mean one token, and throws at the rest.
/// </summary>
internal static class Base64UrlText
{
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

    private static readonly SearchValues<char> Characters = SearchValues.Create(Alphabet);

    public static bool TryDecode(ReadOnlySpan<char> text, [NotNullWhen(true)] out byte[]? bytes)
    {
        bytes = null;
        int left = text.Length % 4;
        if (left == 1 || text.ContainsAnyExcept(Characters))
        {
            return false;
        }

        int unusedBits = left switch { 2 => 0b1111, 3 => 0b11, _ => 0 };
        if (unusedBits != 0 && (Alphabet.IndexOf(text[^1], StringComparison.Ordinal) & unusedBits) != 0)
        {
            return false;
        }

        bytes = Base64Url.DecodeFromChars(text);
        return true;
    }
}
