namespace Carillon.Specs.Values;

/// <summary>Takes the escapes out of the inside of a JSON string.</summary>
internal static class EscapedText
{
    /// <summary>
    /// Decodes to UTF-8. An escaped half of a surrogate pair, which has no UTF-8, becomes the three bytes that it would have, so that unequal strings stay unequal
    /// and each half counts as one character.
    /// </summary>
    /// <param name="escaped">Well-formed text between quotes.</param>
    /// <param name="destination">At least as long; may not overlap.</param>
    /// <returns>The number of bytes written.</returns>
    public static int Decode(ReadOnlySpan<byte> escaped, Span<byte> destination)
    {
        int written = 0;
        while (true)
        {
            int plain = escaped.IndexOf((byte)'\\');
            if (plain < 0)
            {
                escaped.CopyTo(destination[written..]);
                return written + escaped.Length;
            }

            escaped[..plain].CopyTo(destination[written..]);
            written += plain;
            escaped = escaped[plain..];
            if (escaped[1] != 'u')
            {
                destination[written++] = Simple(escaped[1]);
                escaped = escaped[2..];
                continue;
            }

            uint unit = Unit(escaped);
            escaped = escaped[6..];
            if (char.IsHighSurrogate((char)unit) && escaped.StartsWith("\\u"u8) && char.IsLowSurrogate((char)Unit(escaped)))
            {
                unit = (uint)char.ConvertToUtf32((char)unit, (char)Unit(escaped));
                escaped = escaped[6..];
            }

            written += Encode(unit, destination[written..]);
        }
    }

    private static byte Simple(byte escape) => escape switch
    {
        (byte)'n' => (byte)'\n',
        (byte)'t' => (byte)'\t',
        (byte)'r' => (byte)'\r',
        (byte)'b' => (byte)'\b',
        (byte)'f' => (byte)'\f',
        _ => escape,
    };

    private static uint Unit(ReadOnlySpan<byte> escape)
    {
        uint unit = 0;
        foreach (byte digit in escape.Slice(2, 4))
        {
            unit = (unit << 4) | (uint)((digit & 15) + (digit > '9' ? 9 : 0));
        }

        return unit;
    }

    private static int Encode(uint codePoint, Span<byte> destination)
    {
        switch (codePoint)
        {
            case < 0x80:
                destination[0] = (byte)codePoint;
                return 1;
            case < 0x800:
                destination[0] = (byte)(0xC0 | (codePoint >> 6));
                destination[1] = (byte)(0x80 | (codePoint & 0x3F));
                return 2;
            case < 0x10000:
                destination[0] = (byte)(0xE0 | (codePoint >> 12));
                destination[1] = (byte)(0x80 | ((codePoint >> 6) & 0x3F));
                destination[2] = (byte)(0x80 | (codePoint & 0x3F));
                return 3;
            default:
                destination[0] = (byte)(0xF0 | (codePoint >> 18));
                destination[1] = (byte)(0x80 | ((codePoint >> 12) & 0x3F));
                destination[2] = (byte)(0x80 | ((codePoint >> 6) & 0x3F));
                destination[3] = (byte)(0x80 | (codePoint & 0x3F));
                return 4;
        }
    }
}
