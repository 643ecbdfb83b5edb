using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Carillon.Messages;

/// <summary>A moment in milliseconds since 1970-01-01 UTC: the resolution in which every time of Carillon is kept, stored and shown.</summary>
/// <param name="Milliseconds">Milliseconds since the Unix epoch.</param>
public readonly record struct UnixTime(long Milliseconds) : IComparable<UnixTime>
{
    /// <summary>Longest output of <see cref="Format"/>, in bytes.</summary>
    public const int MaxFormattedLength = 24;

    /// <summary>The contracts' form: seconds with a fraction.</summary>
    public double Seconds => Milliseconds / 1000d;

    /// <summary>The present moment of <paramref name="time"/>.</summary>
    public static UnixTime Now(TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        return new UnixTime(time.GetUtcNow().ToUnixTimeMilliseconds());
    }

    /// <summary>From seconds with a fraction, rounded to the nearest millisecond.</summary>
    public static UnixTime FromSeconds(double seconds) => new((long)Math.Round(seconds * 1000d));

    /// <summary>Writes the seconds with three decimals, such as <c>1678886400.123</c>, as a JSON number.</summary>
    /// <returns>The number of bytes written.</returns>
    public int Format(Span<byte> destination)
    {
        long whole = Math.DivRem(Milliseconds, 1000, out long fraction);
        if (Milliseconds < 0)
        {
            return Encoding.UTF8.GetBytes(Seconds.ToString("F3", CultureInfo.InvariantCulture), destination);
        }

        Utf8Formatter.TryFormat(whole, destination, out int written);
        destination[written++] = (byte)'.';
        Utf8Formatter.TryFormat(fraction, destination[written..], out int decimals, new StandardFormat('D', 3));
        return written + decimals;
    }

    /// <inheritdoc/>
    public int CompareTo(UnixTime other) => Milliseconds.CompareTo(other.Milliseconds);

    /// <summary>Earlier than.</summary>
    public static bool operator <(UnixTime left, UnixTime right) => left.Milliseconds < right.Milliseconds;

    /// <summary>Later than.</summary>
    public static bool operator >(UnixTime left, UnixTime right) => left.Milliseconds > right.Milliseconds;

    /// <summary>Not later than.</summary>
    public static bool operator <=(UnixTime left, UnixTime right) => left.Milliseconds <= right.Milliseconds;

    /// <summary>Not earlier than.</summary>
    public static bool operator >=(UnixTime left, UnixTime right) => left.Milliseconds >= right.Milliseconds;
}
