using System.Text;
using Carillon.Errors;

namespace Carillon.Topics;

/// <summary>The one rule for names that others type: topics, message ids, producers and consumers.</summary>
public static class Identifier
{
    /// <summary>Most bytes of UTF-8 that a name may take.</summary>
    public const int MaxBytes = 255;

    /// <summary>Null when <paramref name="value"/> is 1 to 255 bytes of UTF-8 without control characters; else what is wrong with it.</summary>
    public static Error? Check(string value, string field)
    {
        ArgumentNullException.ThrowIfNull(value);
        if (value.Length == 0)
        {
            return Error.Invalid(field, "must not be empty");
        }

        // A char is at least one byte, so the cheap test spares counting a long text.
        if (value.Length > MaxBytes || Encoding.UTF8.GetByteCount(value) > MaxBytes)
        {
            return Error.Invalid(field, $"must be at most {MaxBytes} bytes of UTF-8");
        }

        for (int i = 0; i < value.Length; i++)
        {
            if (char.IsControl(value[i]))
            {
                return Error.Invalid(field, "must not contain control characters");
            }

            if (char.IsSurrogate(value[i]) && !(char.IsHighSurrogate(value[i]) && i + 1 < value.Length && char.IsLowSurrogate(value[++i])))
            {
                return Error.Invalid(field, "must be valid Unicode: it holds half of a surrogate pair");
            }
        }

        return null;
    }
}
