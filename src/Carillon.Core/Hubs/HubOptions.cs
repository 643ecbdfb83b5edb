using Carillon.Access;
using Carillon.Rules;
using Carillon.Topics;
using Carillon.Topics.Patterns;

namespace Carillon.Hubs;

/// <summary>The settings of a hub.</summary>
public sealed record HubOptions
{
    /// <summary>
    /// What the hub is called among those of its application: metrics are labelled with it, and its storage is found by it. Default null: it is the only one, and has none.
    /// </summary>
    public string? Name { get; init; }

    /// <summary>What happens to a publish on an unknown topic. Default: the topic is created.</summary>
    public UnknownTopics UnknownTopics { get; init; } = UnknownTopics.Create;

    /// <summary>Whether a publish must name its <c>message_id</c> and <c>producer</c>. Default: no.</summary>
    public bool RequireIds { get; init; }

    /// <summary>
    /// Divides topics' names into the segments that wildcards stand for, and a topic from the filters behind it. A punctuation mark or symbol of ASCII other than <c>*</c>, <c>&gt;</c> and <c>$</c>.
    /// Default: <c>.</c>
    /// </summary>
    public char SegmentSeparator { get; init; } = TopicSegments.DefaultSeparator;

    /// <summary>Topics that the hub is composed of from the start.</summary>
    public IReadOnlyList<Topic> Topics { get; init; } = [];

    /// <summary>Most topics that clients can bring into being. Default: 100,000.</summary>
    public int MaxTopics { get; init; } = 100_000;

    /// <summary>Most subscriptions of one session. Default: 1,000.</summary>
    public int MaxSubscriptionsPerSession { get; init; } = 1_000;

    /// <summary>Most subscriptions of one session to one topic that select by filters, as each message is held against each of them. Default: 100.</summary>
    public int MaxFiltersPerTopic { get; init; } = 100;

    /// <summary>Largest payload in bytes of compact UTF-8. Default: 256 KiB.</summary>
    public int MaxPayloadBytes { get; init; } = 256 * 1024;

    /// <summary>What every client has to keep to, in the order in which it is checked. Default: nothing.</summary>
    public IReadOnlyList<IHubRule> Rules { get; init; } = [];

    /// <summary>From where the hub may be monitored. Default: anywhere; <see cref="Monitors"/> says who.</summary>
    public MonitoringAccess Monitoring { get; init; } = MonitoringAccess.Anyone;

    /// <summary>
    /// Who of those may; asked with <see cref="AccessKind.Monitor"/> and no topic. Monitors see the payloads of all topics, guarded ones too. Default null: anyone, until the hub
    /// has a topic that not everyone may subscribe to, or keeps messages of one from an earlier run; from then on nobody, as long as it runs.
    /// </summary>
    public TopicAccess? Monitors { get; init; }
}
