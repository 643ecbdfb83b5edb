using Carillon.Topics;

namespace Carillon.Messages;

/// <summary>What was accepted on a topic. Immutable; shared by every subscriber, log and reader.</summary>
public sealed class Message
{
    /// <summary>The topic it was published on.</summary>
    public required TopicName Topic { get; init; }

    /// <summary>Its number in the topic: 1 for the first, without gaps.</summary>
    public required long Offset { get; init; }

    /// <summary>The publisher's id, or the one the engine made.</summary>
    public required string MessageId { get; init; }

    /// <summary>Who published it, as the publisher says; null when it did not.</summary>
    public required string? Producer { get; init; }

    /// <summary>The identities of who published it, as the hub verified them; empty for an anonymous publisher.</summary>
    public IReadOnlyList<string> Publisher { get; init; } = [];

    /// <summary>When the engine accepted it.</summary>
    public required UnixTime Timestamp { get; init; }

    /// <summary>The payload: one JSON value as UTF-8, checked once and free of white space between tokens.</summary>
    public required ReadOnlyMemory<byte> Payload { get; init; }

    /// <summary>Whether it is of the engine of ephemeral topics: a topic that changes its engine counts from the beginning, and what the former one still hands over is not of its offsets.</summary>
    internal bool IsEphemeral { get; init; }
}
