using System.Buffers;

namespace Carillon.Specs.Schemas.Formats;

/// <summary>Addresses inside of e-mail addresses and URIs.</summary>
internal static class AddressText
{
    private const int Groups = 8;

    private static readonly SearchValues<byte> Hex = SearchValues.Create("0123456789abcdefABCDEF"u8);

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
        int gap = text.IndexOf("::"u8);
        if (gap < 0)
        {
            return TryCountGroups(text, mayEndInIPv4: true, out int all) && all == Groups;
        }

        // The gap stands for one group at least.
        ReadOnlySpan<byte> behind = text[(gap + 2)..];
        int after = 0;
        int before = 0;
        return (gap == 0 || TryCountGroups(text[..gap], mayEndInIPv4: false, out before))
            && (behind.IsEmpty || TryCountGroups(behind, mayEndInIPv4: true, out after))
            && before + after < Groups;
    }

    private static bool TryCountGroups(ReadOnlySpan<byte> text, bool mayEndInIPv4, out int groups)
    {
        groups = 0;
        foreach (Range range in text.Split((byte)':'))
        {
            ReadOnlySpan<byte> part = text[range];
            bool isIPv4 = mayEndInIPv4 && range.End.Value == text.Length && IsIPv4(part);
            if (!isIPv4 && (part.Length is 0 or > 4 || part.ContainsAnyExcept(Hex)))
            {
                return false;
            }

            groups += isIPv4 ? 2 : 1;
        }

        return true;
    }
}
