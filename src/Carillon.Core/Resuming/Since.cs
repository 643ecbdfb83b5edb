using Carillon.Messages;

namespace Carillon.Resuming;

/// <summary>From where on a subscriber wants a topic's messages. Immutable.</summary>
public sealed record Since
{
    private Since()
    {
    }

    /// <summary>Everything that is kept.</summary>
    public static Since Earliest { get; } = new();

    /// <summary>
    /// What comes, behind the last message where the topic retains it: the same as asking for nothing, except that the subscriber is told where that begins
    /// and can come back to it.
    /// </summary>
    public static Since Now { get; } = new();

    /// <summary>The last message only, and what comes.</summary>
    internal static Since Last { get; } = new();

    /// <summary>The place after which messages are wanted; null unless made by <see cref="After"/>.</summary>
    public Position? Position { get; private init; }

    /// <summary>The time from which on messages are wanted; null unless made by <see cref="From"/>.</summary>
    public UnixTime? Time { get; private init; }

    /// <summary>Whether no message is named that must be among those delivered: what is gone when it is read was not asked for.</summary>
    internal bool IsAsKept => Position is null && Time is null;

    /// <summary>What comes after a place that the subscriber knows.</summary>
    public static Since After(Position position) => new() { Position = position };

    /// <summary>What was accepted at this time or later.</summary>
    public static Since From(UnixTime time) => new() { Time = time };
}
