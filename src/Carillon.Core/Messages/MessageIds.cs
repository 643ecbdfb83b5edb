namespace Carillon.Messages;

/// <summary>Makes ids for messages whose publisher gave none.</summary>
public static class MessageIds
{
    /// <summary>A unique id that sorts by time (UUID version 7, RFC 9562 §5.7), so that an index over ids grows at its end.</summary>
    public static string New(TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        return Guid.CreateVersion7(time.GetUtcNow()).ToString("N");
    }
}
