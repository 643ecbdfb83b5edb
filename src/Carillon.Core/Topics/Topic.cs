using Carillon.Access;
using Carillon.Engines;
using Carillon.Specs;
using Carillon.Topics.Filters;

namespace Carillon.Topics;

/// <summary>A topic as it is composed: who publishes and subscribes, what its messages look like, what is kept. Immutable.</summary>
public sealed record Topic
{
    /// <summary>Its name.</summary>
    public required TopicName Name { get; init; }

    /// <summary>Who may publish. Default: anyone.</summary>
    public TopicAccess Publishers { get; init; } = TopicAccess.Anyone;

    /// <summary>Who may subscribe. Default: anyone.</summary>
    public TopicAccess Subscribers { get; init; } = TopicAccess.Anyone;

    /// <summary>What payloads must look like; null for any JSON value.</summary>
    public IPayloadSpec? Spec { get; init; }

    /// <summary>The fields that the server adds to each payload, which must be an object then; null for none.</summary>
    public AppendedFields? Appended { get; init; }

    /// <summary>By what subscribers can select messages with <c>topic.word1.word2</c>; empty for a topic that is not composed with filters.</summary>
    public IReadOnlyList<ITopicFilter> Filters { get; init; } = [];

    /// <summary>Whether a new subscriber gets the last message at once. Default: no.</summary>
    public bool RetainLast { get; init; }

    /// <summary>How much history is kept; null for what the engine keeps of every topic.</summary>
    public Retention? Retention { get; init; }

    /// <summary>Whether messages are delivered without being stored: faster, and lost with the process. Default: no.</summary>
    public bool Ephemeral { get; init; }

    /// <summary>Largest payload in bytes of compact UTF-8; null for the hub's limit, which holds in any case.</summary>
    public int? MaxPayloadBytes { get; init; }

    /// <summary>How fast one publisher may publish; null for no limit.</summary>
    public PublishRate? Rate { get; init; }

    /// <summary>A topic that is open to everyone: each publish is forwarded to all subscribers.</summary>
    public static Topic Echo(string name) => new() { Name = TopicName.Create(name) };
}
