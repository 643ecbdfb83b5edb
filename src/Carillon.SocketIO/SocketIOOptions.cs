using System.Text.Json;
using Carillon.Connections;
using Carillon.SocketIO.Cluster;
using Carillon.SocketIO.Recovery;

namespace Carillon.SocketIO;

/// <summary>Settings of one Socket.IO server, with the reference implementation's names and defaults.</summary>
public sealed record SocketIOOptions
{
    /// <summary>Time between two pings of the server; positive. Default 25 s.</summary>
    public TimeSpan PingInterval { get; init; } = TimeSpan.FromSeconds(25);

    /// <summary>How long a client may take to answer a ping before its session is closed; positive. Default 20 s.</summary>
    public TimeSpan PingTimeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>
    /// The largest request body and the largest WebSocket message, in bytes; at least 1. Default 1,000,000. Clients learn it as <c>maxPayload</c>.
    /// </summary>
    public int MaxHttpBufferSize { get; init; } = 1_000_000;

    /// <summary>How long a client may stay without joining a namespace before its session is closed; positive. Default 45 s.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(45);

    /// <summary>How long an upgrade may take before its probe is dropped; positive. Default 10 s.</summary>
    public TimeSpan UpgradeTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Whether a polling client may upgrade to WebSocket. Default true.</summary>
    public bool AllowUpgrades { get; init; } = true;

    /// <summary>The ways a client may connect. Default all.</summary>
    public SocketIOTransports Transports { get; init; } = SocketIOTransports.All;

    /// <summary>
    /// Origins of other sites whose pages may connect, such as <c>https://example.org</c>, or <c>*</c> for any. Default none: only pages of the
    /// server's own host, and programs, which send no origin or the server's own. Listed origins may send credentials; with <c>*</c> browsers send none.
    /// </summary>
    public IReadOnlyList<string> AllowedOrigins { get; init; } = [];

    /// <summary>Bounds of each session's outbox.</summary>
    public OutboxOptions Outbox { get; init; } = new();

    /// <summary>Connection state recovery; null, the default, for none.</summary>
    public ConnectionStateRecoveryOptions? ConnectionStateRecovery { get; init; }

    /// <summary>What joins this server to its other nodes; null, the default, if it is the only one.</summary>
    public IClusterTransport? ClusterTransport { get; init; }

    /// <summary>How many binary attachments a packet of a client may have; 0 or more. Default 10. One that announces more closes its session.</summary>
    public int MaxBinaryAttachments { get; init; } = 10;

    /// <summary>How long a client may take to send the attachments it announced before its session is closed; positive. Default 45 s.</summary>
    public TimeSpan AttachmentTimeout { get; init; } = TimeSpan.FromSeconds(45);

    /// <summary>
    /// How arguments become JSON and back; null for the web defaults. An application that is trimmed or compiled ahead of time gives a resolver that knows its
    /// types, such as a <see cref="System.Text.Json.Serialization.JsonSerializerContext"/>. A copy is used.
    /// </summary>
    public JsonSerializerOptions? Json { get; init; }

    /// <summary>
    /// Whether <see cref="SocketIOServer.CloseAsync"/> begins by itself when the application stops. Default true; an application that must
    /// finish work first sets false and calls it.
    /// </summary>
    public bool CloseWhenApplicationStops { get; init; } = true;

    /// <summary>Throws an <see cref="Microsoft.Extensions.Options.OptionsValidationException"/> that names the wrong setting.</summary>
    public void Validate()
    {
        SettingCheck.Require<SocketIOOptions>(PingInterval > TimeSpan.Zero, nameof(PingInterval), "positive");
        SettingCheck.Require<SocketIOOptions>(PingTimeout > TimeSpan.Zero, nameof(PingTimeout), "positive");
        SettingCheck.Require<SocketIOOptions>(MaxHttpBufferSize >= 1, nameof(MaxHttpBufferSize), "at least 1");
        SettingCheck.Require<SocketIOOptions>(ConnectTimeout > TimeSpan.Zero, nameof(ConnectTimeout), "positive");
        SettingCheck.Require<SocketIOOptions>(UpgradeTimeout > TimeSpan.Zero, nameof(UpgradeTimeout), "positive");
        SettingCheck.Require<SocketIOOptions>(MaxBinaryAttachments >= 0, nameof(MaxBinaryAttachments), "zero or positive");
        SettingCheck.Require<SocketIOOptions>(AttachmentTimeout > TimeSpan.Zero, nameof(AttachmentTimeout), "positive");
        SettingCheck.Require<SocketIOOptions>(
            Transports is > SocketIOTransports.None and <= SocketIOTransports.All, nameof(Transports), "Polling, WebSocket or both");
        SettingCheck.Require<SocketIOOptions>(
            AllowedOrigins is not null && AllowedOrigins.All(IsOrigin), nameof(AllowedOrigins), "a list of \"*\" or origins such as https://example.org");
        SettingCheck.Require<SocketIOOptions>(Outbox is not null, nameof(Outbox), "given");
        Outbox!.Validate();
        ConnectionStateRecovery?.Validate();
    }

    private static bool IsOrigin(string text) =>
        text is "*"
        || (Uri.TryCreate(text, UriKind.Absolute, out Uri? uri) && text.Contains("://", StringComparison.Ordinal) && uri.AbsolutePath is "/" && text[^1] != '/');
}
