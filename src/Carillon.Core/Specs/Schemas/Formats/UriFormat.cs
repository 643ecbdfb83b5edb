using System.Buffers;

namespace Carillon.Specs.Schemas.Formats;

/// <summary>Absolute URIs. RFC 3986, appendix A, "URI".</summary>
internal static class UriFormat
{
    private const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private const string Unreserved = $"{Letters}0123456789-._~";
    private const string NameChars = $"{Unreserved}!$&'()*+,;=%";

    private static readonly SearchValues<byte> Scheme = Of($"{Letters}0123456789+-.");
    private static readonly SearchValues<byte> Hex = Of("0123456789abcdefABCDEF");
    private static readonly SearchValues<byte> Name = Of(NameChars);
    private static readonly SearchValues<byte> User = Of($"{NameChars}:");
    private static readonly SearchValues<byte> Path = Of($"{NameChars}:@/");
    private static readonly SearchValues<byte> Query = Of($"{NameChars}:@/?");

    /// <summary>A scheme, a colon and what the generic syntax allows behind it.</summary>
    public static bool IsUri(ReadOnlySpan<byte> text)
    {
        int colon = text.IndexOf((byte)':');
        if (colon < 1 || !char.IsAsciiLetter((char)text[0]) || text[..colon].ContainsAnyExcept(Scheme) || !HasWholeEscapes(text))
        {
            return false;
        }

        text = text[(colon + 1)..];
        return TakeBehind(ref text, (byte)'#') && TakeBehind(ref text, (byte)'?') && TakeAuthority(ref text) && !text.ContainsAnyExcept(Path);
    }

    private static bool TakeBehind(ref ReadOnlySpan<byte> text, byte mark)
    {
        int start = text.IndexOf(mark);
        ReadOnlySpan<byte> behind = start < 0 ? [] : text[(start + 1)..];
        text = start < 0 ? text : text[..start];
        return !behind.ContainsAnyExcept(Query);
    }

    private static bool TakeAuthority(ref ReadOnlySpan<byte> text)
    {
        if (!text.StartsWith("//"u8))
        {
            return true;
        }

        text = text[2..];
        int end = text.IndexOf((byte)'/');
        ReadOnlySpan<byte> authority = end < 0 ? text : text[..end];
        text = end < 0 ? [] : text[end..];
        int at = authority.IndexOf((byte)'@');
        if (at >= 0 && authority[..at].ContainsAnyExcept(User))
        {
            return false;
        }

        ReadOnlySpan<byte> host = authority[(at + 1)..];
        int port = host.LastIndexOf((byte)':');
        if (port >= 0 && port > host.LastIndexOf((byte)']'))
        {
            if (host[(port + 1)..].ContainsAnyExceptInRange((byte)'0', (byte)'9'))
            {
                return false;
            }

            host = host[..port];
        }

        return host is [(byte)'[', .., (byte)']'] ? IsLiteral(host[1..^1]) : !host.ContainsAnyExcept(Name);
    }

    private static bool IsLiteral(ReadOnlySpan<byte> text)
    {
        if (!text.StartsWith("v"u8) && !text.StartsWith("V"u8))
        {
            return AddressText.IsIPv6(text);
        }

        int dot = text.IndexOf((byte)'.');
        return dot > 1 && dot < text.Length - 1 && !text[1..dot].ContainsAnyExcept(Hex) && !text[(dot + 1)..].ContainsAnyExcept(User)
            && !text.Contains((byte)'%');
    }

    private static bool HasWholeEscapes(ReadOnlySpan<byte> text)
    {
        for (int escape; (escape = text.IndexOf((byte)'%')) >= 0; text = text[(escape + 3)..])
        {
            if (text.Length < escape + 3 || !char.IsAsciiHexDigit((char)text[escape + 1]) || !char.IsAsciiHexDigit((char)text[escape + 2]))
            {
                return false;
            }
        }

        return true;
    }

    private static SearchValues<byte> Of(string letters) => SearchValues.Create(System.Text.Encoding.ASCII.GetBytes(letters));
}
