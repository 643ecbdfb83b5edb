using Carillon.Access;
using Carillon.Topics;

namespace Carillon.Publishing;

/// <summary>One publish, whatever protocol it came over.</summary>
public sealed class PublishRequest
{
    /// <summary>Where to.</summary>
    public required TopicName Topic { get; init; }

    /// <summary>The publisher's id for this message, the key for "publish twice, delivered once"; null lets the engine make one.</summary>
    public string? MessageId { get; init; }

    /// <summary>Who publishes; null when unknown.</summary>
    public string? Producer { get; init; }

    /// <summary>Who asks. Default: somebody of whom nothing is known.</summary>
    public Requester Requester { get; init; } = Requester.Anonymous;

    /// <summary>One JSON value as compact UTF-8, already checked. The engine keeps the memory.</summary>
    public required ReadOnlyMemory<byte> Payload { get; init; }

    /// <summary>The same by somebody.</summary>
    public PublishRequest For(Requester requester) =>
        new() { Topic = Topic, MessageId = MessageId, Producer = Producer, Requester = requester, Payload = Payload };

    /// <summary>The same with another payload.</summary>
    internal PublishRequest WithPayload(ReadOnlyMemory<byte> payload) => payload.Equals(Payload)
        ? this
        : new PublishRequest { Topic = Topic, MessageId = MessageId, Producer = Producer, Requester = Requester, Payload = payload };
}
