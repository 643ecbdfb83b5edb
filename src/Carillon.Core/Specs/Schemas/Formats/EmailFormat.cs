using System.Buffers;

namespace Carillon.Specs.Schemas.Formats;

/// <summary>E-mail addresses. RFC 5321 §4.1.2, "Mailbox"; without the letters of other alphabets.</summary>
internal static class EmailFormat
{
    private const int MaxLocalLength = 64;
    private const int MaxDomainLength = 255;
    private const int MaxLabelLength = 63;

    private static readonly SearchValues<byte> Atom =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!#$%&'*+-/=?^_`{|}~"u8);

    private static readonly SearchValues<byte> Label = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-"u8);

    /// <summary>A local part, <c>@</c>, and a domain or an address in brackets.</summary>
    public static bool IsEmail(ReadOnlySpan<byte> text)
    {
        int at = text.LastIndexOf((byte)'@');
        return at is > 0 and <= MaxLocalLength && IsLocalPart(text[..at]) && IsDomain(text[(at + 1)..]);
    }

    private static bool IsLocalPart(ReadOnlySpan<byte> text)
    {
        if (text[0] == '"')
        {
            return text.Length > 2 && text[^1] == '"' && IsQuoted(text[1..^1]);
        }

        foreach (Range part in text.Split((byte)'.'))
        {
            if (text[part].IsEmpty || text[part].ContainsAnyExcept(Atom))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsQuoted(ReadOnlySpan<byte> text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\')
            {
                i++;
            }
            else if (text[i] == '"')
            {
                return false;
            }

            if (i == text.Length || text[i] is < 32 or > 126)
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsDomain(ReadOnlySpan<byte> text)
    {
        if (text.Length is 0 or > MaxDomainLength)
        {
            return false;
        }

        if (text[0] == '[' && text[^1] == ']')
        {
            text = text[1..^1];
            return text.StartsWith("IPv6:"u8) ? AddressText.IsIPv6(text[5..]) : AddressText.IsIPv4(text);
        }

        foreach (Range part in text.Split((byte)'.'))
        {
            ReadOnlySpan<byte> label = text[part];
            if (label.Length is 0 or > MaxLabelLength || label[0] == '-' || label[^1] == '-' || label.ContainsAnyExcept(Label))
            {
                return false;
            }
        }

        return true;
    }
}
