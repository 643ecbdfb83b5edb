using System.Text.Json;
using Carillon.Connections;
using Carillon.Connections.Origins;
using Carillon.Topics;
using Microsoft.AspNetCore.Http;

namespace Carillon.AspNetCore.Channels;

/// <summary>
/// Settings of one mounted <see cref="ChannelSocket"/>, set in code or configured (<c>services.Configure&lt;ChannelSocketOptions&gt;</c>). Taken when it is mapped;
/// what is wrong stops the start.
/// </summary>
public sealed record ChannelSocketOptions
{
    /// <summary>The channel of all clients where neither the route nor <see cref="ChannelId"/> tells one.</summary>
    public const string DefaultChannel = "default";

    /// <summary>
    /// What these channel sockets are called: those of one name share their channels, over all nodes and all routes they are mounted on. Default null: the full name of
    /// the class.
    /// </summary>
    public string? Name { get; set; }

    /// <summary>
    /// Chooses a client's channel, before its request is accepted; null, or what is no channel id (1 to 255 bytes of UTF-8 without control characters), refuses with 400.
    /// Default null: the route's value <c>channelId</c> is the id.
    /// </summary>
    public Func<HttpContext, ValueTask<string?>>? ChannelId { get; set; }

    /// <summary>Whether the object is generated and sent when a client disconnects, as it is when one connects. Default true.</summary>
    public bool SendOnDisconnect { get; set; } = true;

    /// <summary>
    /// The shortest time from one generation of a channel to its next; changes within it are sent together. Clients that come and go quickly so cost their neighbours no more
    /// than one object each time. Zero or positive. Default 20 ms.
    /// </summary>
    public TimeSpan UpdateInterval { get; set; } = TimeSpan.FromMilliseconds(20);

    /// <summary>How long a generation may take before it is cancelled and given up; positive. Default 30 s.</summary>
    public TimeSpan GenerationTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How objects become JSON. Default null: as the application's HTTP endpoints do (<c>services.ConfigureHttpJsonOptions</c>).</summary>
    public JsonSerializerOptions? Json { get; set; }

    /// <summary>
    /// Origins of other sites whose pages may connect: <c>https://example.org</c>, <c>*.example.org</c> for all names below, or <c>*</c> for any. Default none: pages of the
    /// server's own host, and programs, which send no origin.
    /// </summary>
    public IReadOnlyList<string> AllowedOrigins { get; set; } = [];

    /// <summary>Whether a connection is closed, with code 1008, when the authentication of its request expires, or its token is revoked. Default true.</summary>
    public bool CloseOnAuthenticationExpiration { get; set; } = true;

    /// <summary>How many clients may be connected to this node at once; more are refused with 503. At least 1. Default 100,000.</summary>
    public int MaxConnections { get; set; } = 100_000;

    /// <summary>How many of them may be in one channel; more are refused with 503. At least 1. Default 10,000.</summary>
    public int MaxConnectionsPerChannel { get; set; } = 10_000;

    /// <summary>The largest message a client may send, in bytes; a larger one closes with 1009. At least 1. Default 64 KiB.</summary>
    public int MaxMessageSize { get; set; } = 64 * 1024;

    /// <summary>How many messages of a client may wait to be handled before it is read no further; at least 1. Default 16.</summary>
    public int MaxWaitingMessages { get; set; } = 16;

    /// <summary>After how long without a sign of life a client is pinged; positive. Default 25 s.</summary>
    public TimeSpan PingInterval { get; set; } = TimeSpan.FromSeconds(25);

    /// <summary>
    /// How long a client may take to answer a ping before it counts as dead; positive. Default 20 s. Who is read no further for so long, because its messages are not handled,
    /// is closed as well.
    /// </summary>
    public TimeSpan PingTimeout { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>How much may wait for a client that reads slowly before it is cut off with code 1008.</summary>
    public OutboxOptions Outbox { get; set; } = new();

    /// <summary>Throws an <see cref="Microsoft.Extensions.Options.OptionsValidationException"/> that names the wrong setting.</summary>
    public void Validate()
    {
        Require(Name is null || Identifier.Check(Name, nameof(Name)) is null, nameof(Name), "1 to 255 bytes of UTF-8 without control characters");
        Require(UpdateInterval >= TimeSpan.Zero && UpdateInterval <= TimeSpan.FromHours(1), nameof(UpdateInterval), "between zero and one hour");
        Require(GenerationTimeout > TimeSpan.Zero && GenerationTimeout <= TimeSpan.FromHours(1), nameof(GenerationTimeout), "positive and at most one hour");
        Require(
            AllowedOrigins is not null && AllowedOrigins.All(OriginAllowList.IsEntry),
            nameof(AllowedOrigins),
            "a list of \"*\", origins such as https://example.org, or names such as *.example.org");
        Require(MaxConnections >= 1, nameof(MaxConnections), "at least 1");
        Require(MaxConnectionsPerChannel >= 1, nameof(MaxConnectionsPerChannel), "at least 1");
        Require(MaxMessageSize >= 1, nameof(MaxMessageSize), "at least 1");
        Require(MaxWaitingMessages >= 1, nameof(MaxWaitingMessages), "at least 1");
        Require(PingInterval > TimeSpan.Zero, nameof(PingInterval), "positive");
        Require(PingTimeout > TimeSpan.Zero, nameof(PingTimeout), "positive");
        Require(Outbox is not null, nameof(Outbox), "given");
        Outbox!.Validate();
    }

    /// <summary>A copy that shares nothing that can change.</summary>
    internal ChannelSocketOptions Copy() => this with { AllowedOrigins = [.. AllowedOrigins ?? []], Outbox = (Outbox ?? new OutboxOptions()) with { } };

    private static void Require(bool holds, string setting, string rule) => SettingCheck.Require<ChannelSocketOptions>(holds, setting, rule);
}
