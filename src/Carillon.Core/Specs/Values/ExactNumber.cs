using System.Buffers.Text;

namespace Carillon.Specs.Values;

/// <summary>
/// A JSON number as it was written: sign, digits and power of ten, never rounded. <c>1.0</c>, <c>1</c> and <c>10e-1</c> are the same number,
/// 2^53 + 1 is not 2^53, and 1e400 is a number like any other. Exponents beyond ±10^15 count as ±10^15.
/// </summary>
internal readonly ref struct ExactNumber
{
    private const long MaxExponent = 1_000_000_000_000_000;

    // The digits are what stands between these bounds, without the point; neither the first nor the last of them is 0.
    private readonly ReadOnlySpan<byte> _digits;
    private readonly int _point;
    private readonly bool _negative;

    public ExactNumber(ReadOnlySpan<byte> text)
    {
        _negative = text[0] == '-';
        text = _negative ? text[1..] : text;
        int mark = text.IndexOfAny((byte)'e', (byte)'E');
        ReadOnlySpan<byte> mantissa = mark < 0 ? text : text[..mark];
        int point = mantissa.IndexOf((byte)'.');
        int first = mantissa.IndexOfAnyExcept((byte)'0', (byte)'.');
        if (first < 0)
        {
            _negative = false;
            _point = -1;
            return;
        }

        int last = mantissa.LastIndexOfAnyExcept((byte)'0', (byte)'.');
        _digits = mantissa[first..(last + 1)];
        _point = point > first && point < last ? point - first : -1;
        int decimals = point < 0 ? last - mantissa.Length + 1 : point > last ? last - point + 1 : last - point;
        Exponent = (mark < 0 ? 0 : ParseExponent(text[(mark + 1)..])) - decimals;
    }

    /// <summary>The power of ten that the digits, read as one integer, are multiplied with.</summary>
    public long Exponent { get; }

    public bool IsZero => _digits.IsEmpty;

    public bool IsInteger => IsZero || Exponent >= 0;

    public int DigitCount => _digits.Length - (_point < 0 ? 0 : 1);

    /// <summary>Below 0 when <paramref name="left"/> is the smaller one, 0 when they are the same number.</summary>
    public static int Compare(ExactNumber left, ExactNumber right)
    {
        int sign = left.Sign.CompareTo(right.Sign);
        if (sign != 0 || left.IsZero)
        {
            return sign;
        }

        int magnitude = (left.DigitCount + left.Exponent).CompareTo(right.DigitCount + right.Exponent);
        return (magnitude != 0 ? magnitude : left.CompareDigits(right)) * left.Sign;
    }

    /// <summary>Whether this is an integer times <paramref name="divisor"/>.</summary>
    /// <param name="divisor">Above 0, of at most 18 digits, so that ten times a remainder fits 64 bits.</param>
    public bool IsMultipleOf(ExactNumber divisor)
    {
        if (IsZero)
        {
            return true;
        }

        // The last digit is not 0, so no power of ten divides the digits.
        long shift = Exponent - divisor.Exponent;
        return shift >= 0 && Shifted(Remainder(divisor.ToInteger()), shift, divisor.ToInteger()) == 0;
    }

    /// <summary>The same for numbers that are equal, whatever way they are written.</summary>
    public int Hash(int seed)
    {
        var hash = default(HashCode);
        hash.Add(seed);
        hash.Add(Sign);
        hash.Add(IsZero ? 0 : Exponent);
        ulong some = 0;
        for (int i = 0; i < DigitCount; i++)
        {
            some = (some * 10) + Digit(i);
            if (i % 16 == 15)
            {
                hash.Add(some);
                some = 0;
            }
        }

        hash.Add(some);
        return hash.ToHashCode();
    }

    private int Sign => IsZero ? 0 : _negative ? -1 : 1;

    private byte Digit(int index) => _digits[_point >= 0 && index >= _point ? index + 1 : index];

    private int CompareDigits(ExactNumber other)
    {
        int common = Math.Min(DigitCount, other.DigitCount);
        for (int i = 0; i < common; i++)
        {
            int difference = Digit(i).CompareTo(other.Digit(i));
            if (difference != 0)
            {
                return difference;
            }
        }

        return DigitCount.CompareTo(other.DigitCount);
    }

    private ulong ToInteger()
    {
        ulong value = 0;
        for (int i = 0; i < DigitCount; i++)
        {
            value = (value * 10) + (ulong)(Digit(i) - '0');
        }

        return value;
    }

    private ulong Remainder(ulong divisor)
    {
        ulong remainder = 0;
        for (int i = 0; i < DigitCount; i++)
        {
            remainder = ((remainder * 10) + (ulong)(Digit(i) - '0')) % divisor;
        }

        return remainder;
    }

    private static ulong Shifted(ulong remainder, long shift, ulong divisor)
    {
        ulong power = 10 % divisor;
        for (; shift > 0 && remainder != 0; shift >>= 1)
        {
            if ((shift & 1) != 0)
            {
                remainder = (ulong)((UInt128)remainder * power % divisor);
            }

            power = (ulong)((UInt128)power * power % divisor);
        }

        return remainder;
    }

    private static long ParseExponent(ReadOnlySpan<byte> text)
    {
        bool negative = text[0] == '-';
        text = text[0] is (byte)'-' or (byte)'+' ? text[1..] : text;
        text = text.TrimStart((byte)'0');
        long value = text.IsEmpty ? 0 : text.Length <= 15 && Utf8Parser.TryParse(text, out long parsed, out _) ? parsed : MaxExponent;
        return negative ? -value : value;
    }
}
