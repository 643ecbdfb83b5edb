using Carillon.Messages;
using Carillon.Topics;

namespace Carillon.Consumers;

/// <summary>A consumer's confirmation that it has processed one message.</summary>
public sealed class Consumption
{
    /// <summary>Who confirms.</summary>
    public required string Consumer { get; init; }

    /// <summary>The message's topic.</summary>
    public required TopicName Topic { get; init; }

    /// <summary>The message's id.</summary>
    public required string MessageId { get; init; }

    /// <summary>The message as the consumer repeats it: one JSON value as compact UTF-8.</summary>
    public required ReadOnlyMemory<byte> Message { get; init; }

    /// <summary>When the confirmation arrived.</summary>
    public required UnixTime Timestamp { get; init; }
}
