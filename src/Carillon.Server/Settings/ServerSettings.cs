using Carillon.Engines;
using Carillon.Hubs;

namespace Carillon.Server.Settings;

/// <summary>The section <c>Carillon</c> of the configuration.</summary>
public sealed class ServerSettings
{
    /// <summary>The name of the section.</summary>
    public const string Section = "Carillon";

    /// <summary>The address to listen on. Default: every address.</summary>
    public string Host { get; init; } = "0.0.0.0";

    /// <summary>The port to listen on; 0 picks a free one. Default: 5000.</summary>
    public int Port { get; init; } = 5000;

    /// <summary>Where messages are kept. Default: SQLite.</summary>
    public EngineKind Engine { get; init; } = EngineKind.Sqlite;

    /// <summary>The database file. Default: <c>pubsub.db</c> in the working directory.</summary>
    public string Database { get; init; } = "pubsub.db";

    /// <summary>What happens to a publish on an unknown topic. Default: the topic is created.</summary>
    public UnknownTopics UnknownTopics { get; init; } = UnknownTopics.Create;

    /// <summary>Whether a publish must name its message_id and producer. Default: no.</summary>
    public bool RequireIds { get; init; }

    /// <summary>Who may monitor. Default: anyone.</summary>
    public MonitoringAccess Monitoring { get; init; } = MonitoringAccess.Anyone;

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

    /// <summary>Settings of the SQLite engine.</summary>
    public SqliteSettings Sqlite { get; init; } = new();

    /// <summary>Settings of the Socket.IO server.</summary>
    public SocketIOSettings SocketIO { get; init; } = new();
}
