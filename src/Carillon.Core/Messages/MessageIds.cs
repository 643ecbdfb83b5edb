using System.Globalization;

namespace Carillon.Messages;

/// <summary>Makes ids for messages whose publisher gave none.</summary>
public static class MessageIds
{
    /// <summary>A unique id that sorts by time (UUID version 7, RFC 9562 §5.7), so that an index over ids grows at its end.</summary>
    public static string New(TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        return New(UnixTime.Now(time));
    }

    /// <summary>The same, of a moment that is known: <see cref="TimeOf"/> reads it back.</summary>
    public static string New(UnixTime time) => Guid.CreateVersion7(DateTimeOffset.FromUnixTimeMilliseconds(time.Milliseconds)).ToString("N");

    /// <summary>The moment that an id names which was made here; null for one that cannot have been.</summary>
    public static UnixTime? TimeOf(string id)
    {
        ArgumentNullException.ThrowIfNull(id);
        return id.Length == 32 && id[12] == '7' && long.TryParse(id.AsSpan(0, 12), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out long milliseconds)
            ? new UnixTime(milliseconds)
            : null;
    }
}
