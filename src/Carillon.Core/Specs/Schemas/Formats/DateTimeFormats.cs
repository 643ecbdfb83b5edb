namespace Carillon.Specs.Schemas.Formats;

/// <summary>Dates and times. RFC 3339 §5.6 and, for days of months and leap seconds, §5.7.</summary>
internal static class DateTimeFormats
{
    private const int DateLength = 10;

    /// <summary><c>2026-02-28T12:00:00Z</c>.</summary>
    public static bool IsDateTime(ReadOnlySpan<byte> text) =>
        text.Length > DateLength && text[DateLength] is (byte)'T' or (byte)'t' && IsDate(text[..DateLength]) && IsTime(text[(DateLength + 1)..]);

    /// <summary><c>2026-02-28</c>.</summary>
    public static bool IsDate(ReadOnlySpan<byte> text)
    {
        if (text.Length != DateLength || text[4] != '-' || text[7] != '-'
            || !TryPair(text, out int century) || !TryPair(text[2..], out int year) || !TryPair(text[5..], out int month) || !TryPair(text[8..], out int day))
        {
            return false;
        }

        // The calendar of .NET has no year 0; it is a leap year like 400.
        year += 100 * century;
        return month is >= 1 and <= 12 && day >= 1 && day <= DateTime.DaysInMonth(year == 0 ? 400 : year, month);
    }

    /// <summary><c>12:00:00.5+01:00</c>.</summary>
    public static bool IsTime(ReadOnlySpan<byte> text)
    {
        if (text.Length < 9 || text[2] != ':' || text[5] != ':'
            || !TryPair(text, out int hour) || !TryPair(text[3..], out int minute) || !TryPair(text[6..], out int second)
            || hour > 23 || minute > 59 || second > 60)
        {
            return false;
        }

        text = text[8..];
        if (text[0] == '.')
        {
            int end = text[1..].IndexOfAnyExceptInRange((byte)'0', (byte)'9') + 1;
            if (end <= 1)
            {
                return false;
            }

            text = text[end..];
        }

        // A leap second is the last of a day in UTC.
        return TryOffset(text, out int offset) && (second < 60 || (((hour * 60) + minute - offset + 2880) % 1440) == 1439);
    }

    private static bool TryOffset(ReadOnlySpan<byte> text, out int minutes)
    {
        minutes = 0;
        if (text is [(byte)'Z' or (byte)'z'])
        {
            return true;
        }

        if (text.Length != 6 || text[0] is not ((byte)'+' or (byte)'-') || text[3] != ':'
            || !TryPair(text[1..], out int hour) || !TryPair(text[4..], out int minute) || hour > 23 || minute > 59)
        {
            return false;
        }

        minutes = ((hour * 60) + minute) * (text[0] == '-' ? -1 : 1);
        return true;
    }

    private static bool TryPair(ReadOnlySpan<byte> text, out int value)
    {
        value = ((text[0] - '0') * 10) + text[1] - '0';
        return char.IsAsciiDigit((char)text[0]) && char.IsAsciiDigit((char)text[1]);
    }
}
