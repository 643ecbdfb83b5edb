using Carillon.Access;
using Carillon.Engines;
using Carillon.Hubs;
using Carillon.Server.Settings.Access;
using Carillon.Server.Settings.Topics;
using Carillon.Topics.Patterns;

namespace Carillon.Server.Settings.Hubs;

/// <summary>The settings of one hub, wherever they stand.</summary>
public abstract class HubSettings
{
    /// <summary>What happens to a publish on an unknown topic.</summary>
    public UnknownTopics UnknownTopics { get; init; }

    /// <summary>Whether a publish must name its message_id and producer. Default: no.</summary>
    public bool RequireIds { get; init; }

    /// <summary>Divides the segments of topics' names. Default: <c>.</c></summary>
    public char SegmentSeparator { get; init; } = TopicSegments.DefaultSeparator;

    /// <summary>From where the hub may be monitored. Default: anywhere.</summary>
    public MonitoringAccess Monitoring { get; init; } = MonitoringAccess.Anyone;

    /// <summary>Who of those may monitor.</summary>
    public AccessSettings? Monitors { get; init; }

    /// <summary>Origins whose pages may use Socket.IO and the HTTP API from a browser; <c>*</c> for any. Default: only pages of the server itself.</summary>
    public IReadOnlyList<string> AllowedOrigins { get; init; } = [];

    /// <summary>Most topics that clients can bring into being. Default: 100,000.</summary>
    public int MaxTopics { get; init; } = new HubOptions().MaxTopics;

    /// <summary>Most subscriptions of one connection. Default: 1,000.</summary>
    public int MaxSubscriptions { get; init; } = new HubOptions().MaxSubscriptionsPerSession;

    /// <summary>Largest payload in bytes. Default: 256 KiB.</summary>
    public int MaxPayloadBytes { get; init; } = new HubOptions().MaxPayloadBytes;

    /// <summary>How long a message id stays known. Default and least: 10 minutes.</summary>
    public TimeSpan DedupeWindow { get; init; } = EngineOptions.MinDedupeWindow;

    /// <summary>How much history is kept. Default: everything.</summary>
    public RetentionSettings Retention { get; init; } = new();

    /// <summary>Topics that exist from the start, and what is particular to them.</summary>
    public IReadOnlyList<TopicSettings> Topics { get; init; } = [];

    /// <summary>What every client has to keep to. Default: nothing.</summary>
    public RuleSettings Rules { get; init; } = new();

    /// <summary>Settings of the Socket.IO server.</summary>
    public SocketIOSettings SocketIO { get; init; } = new();

    /// <summary>Who may monitor, where nothing is set too; null for anyone as long as the hub has no guarded topic.</summary>
    internal TopicAccess? MonitorsAccess => Monitors?.ToAccess() ?? DefaultMonitors;

    private protected abstract TopicAccess? DefaultMonitors { get; }

    /// <summary>The hub's options, without its topics.</summary>
    internal HubOptions ToOptions() => new()
    {
        UnknownTopics = UnknownTopics,
        RequireIds = RequireIds,
        SegmentSeparator = SegmentSeparator,
        MaxTopics = MaxTopics,
        MaxSubscriptionsPerSession = MaxSubscriptions,
        MaxPayloadBytes = MaxPayloadBytes,
        Rules = Rules.ToRules(),
        Monitoring = Monitoring,
        Monitors = MonitorsAccess,
    };

    /// <summary>Its engine's options, without the retention of single topics.</summary>
    internal EngineOptions ToEngineOptions() => new() { DedupeWindow = DedupeWindow, Retention = Retention.ToRetention() };
}
