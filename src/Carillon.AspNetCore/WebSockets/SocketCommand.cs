using Carillon.Consumers;
using Carillon.Publishing;
using Carillon.Sessions;

namespace Carillon.AspNetCore.WebSockets;

/// <summary>What a client sent, read and checked. It shares nothing with the bytes that were received.</summary>
/// <param name="Type">What it asks for.</param>
/// <param name="Nonce">The client's nonce as compact JSON; empty if it sent none.</param>
internal sealed record SocketCommand(CommandType Type, ReadOnlyMemory<byte> Nonce)
{
    /// <summary>The request's own <c>authorization</c>; null if it brought none.</summary>
    public CommandToken? Token { get; init; }

    /// <summary>The topics to (un)subscribe.</summary>
    public IReadOnlyList<WantedTopic> Topics { get; init; } = [];

    /// <summary>What stood among the topics and is no topic's name.</summary>
    public IReadOnlyList<TopicRefusal> Misnamed { get; init; } = [];

    /// <summary>The consumer that subscribes; null for none.</summary>
    public string? Consumer { get; init; }

    /// <summary>What to publish.</summary>
    public PublishRequest? Publish { get; init; }

    /// <summary>What was consumed.</summary>
    public Consumption? Consumption { get; init; }
}
