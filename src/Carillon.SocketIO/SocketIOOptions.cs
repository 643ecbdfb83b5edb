using System.Text.Json;
using Carillon.Connections;
using Carillon.SocketIO.Cluster;
using Carillon.SocketIO.EngineIO;
using Carillon.SocketIO.Recovery;

namespace Carillon.SocketIO;

/// <summary>
/// Settings of one Socket.IO server, with the reference implementation's names and defaults; those of its transports are inherited.
/// They can be set in code and bound from configuration (<see cref="SocketIOServices"/>).
/// </summary>
public sealed record SocketIOOptions : EngineIOOptions
{
    /// <summary>How long a client may stay without joining a namespace before its session is closed; positive. Default 45 s.</summary>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(45);

    /// <summary>Connection state recovery; null, the default, for none.</summary>
    public ConnectionStateRecoveryOptions? ConnectionStateRecovery { get; set; }

    /// <summary>What joins this server to its other nodes; null, the default, if it is the only one.</summary>
    public IClusterTransport? ClusterTransport { get; set; }

    /// <summary>How many binary attachments a packet of a client may have; 0 or more. Default 10. One that announces more closes its session.</summary>
    public int MaxBinaryAttachments { get; set; } = 10;

    /// <summary>How long a client may take to send the attachments it announced before its session is closed; positive. Default 45 s.</summary>
    public TimeSpan AttachmentTimeout { get; set; } = TimeSpan.FromSeconds(45);

    /// <summary>
    /// How arguments become JSON and back; null for the web defaults. An application that is trimmed or compiled ahead of time gives a resolver that knows its
    /// types, such as a <see cref="System.Text.Json.Serialization.JsonSerializerContext"/>. A copy is used.
    /// </summary>
    public JsonSerializerOptions? Json { get; set; }

    internal override TimeSpan ShortestDeadline => new[] { base.ShortestDeadline, ConnectTimeout, AttachmentTimeout }.Min();

    /// <inheritdoc/>
    public override void Validate()
    {
        base.Validate();
        SettingCheck.Require<SocketIOOptions>(ConnectTimeout > TimeSpan.Zero, nameof(ConnectTimeout), "positive");
        SettingCheck.Require<SocketIOOptions>(MaxBinaryAttachments >= 0, nameof(MaxBinaryAttachments), "zero or positive");
        SettingCheck.Require<SocketIOOptions>(AttachmentTimeout > TimeSpan.Zero, nameof(AttachmentTimeout), "positive");
        ConnectionStateRecovery?.Validate();
    }
}
