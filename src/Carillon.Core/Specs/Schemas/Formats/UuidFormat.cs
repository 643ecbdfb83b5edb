namespace Carillon.Specs.Schemas.Formats;

/// <summary>UUIDs. RFC 9562 §4, of any version.</summary>
internal static class UuidFormat
{
    /// <summary><c>2eb8aa08-aa98-11ea-b4aa-73b441d16380</c>, in upper or lower case.</summary>
    public static bool IsUuid(ReadOnlySpan<byte> text)
    {
        if (text.Length != 36)
        {
            return false;
        }

        for (int i = 0; i < text.Length; i++)
        {
            if (i is 8 or 13 or 18 or 23 ? text[i] != '-' : !char.IsAsciiHexDigit((char)text[i]))
            {
                return false;
            }
        }

        return true;
    }
}
