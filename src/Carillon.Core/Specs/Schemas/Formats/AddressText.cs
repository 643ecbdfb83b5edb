using System.Buffers;
using System.Net;

namespace Carillon.Specs.Schemas.Formats;

/// <summary>Addresses inside of e-mail addresses and URIs.</summary>
internal static class AddressText
{
    private const int MaxLength = 45;

    private static readonly SearchValues<byte> IPv6Characters = SearchValues.Create("0123456789abcdefABCDEF:."u8);

    /// <summary>Four decimal numbers without leading zeros. RFC 2673 §3.2.</summary>
    public static bool IsIPv4(ReadOnlySpan<byte> text)
    {
        int parts = 0;
        foreach (Range range in text.Split((byte)'.'))
        {
            ReadOnlySpan<byte> part = text[range];
            if (part.Length is 0 or > 3 || part.ContainsAnyExceptInRange((byte)'0', (byte)'9') || (part.Length > 1 && part[0] == '0')
                || (part.Length == 3 && part.SequenceCompareTo("255"u8) > 0))
            {
                return false;
            }

            parts++;
        }

        return parts == 4;
    }

    /// <summary>RFC 4291 §2.2, without a zone or a prefix.</summary>
    public static bool IsIPv6(ReadOnlySpan<byte> text)
    {
        // The framework also takes brackets, zones and prefixes; those have other characters.
        if (text.Length is 0 or > MaxLength || text.ContainsAnyExcept(IPv6Characters) || !text.Contains((byte)':'))
        {
            return false;
        }

        int tail = text.LastIndexOf((byte)':') + 1;
        return (!text.Contains((byte)'.') || IsIPv4(text[tail..])) && IPAddress.TryParse(text, out _);
    }
}
