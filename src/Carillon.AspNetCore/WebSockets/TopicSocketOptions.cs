using Carillon.Connections.Origins;
using Carillon.Connections;

namespace Carillon.AspNetCore.WebSockets;

/// <summary>Settings of a hub's WebSocket endpoint. Taken when it is mapped; what is wrong stops the start.</summary>
public sealed record TopicSocketOptions
{
    /// <summary>
    /// Origins of other sites whose pages may connect: <c>https://example.org</c>, <c>*.example.org</c> for all names below, or <c>*</c> for any. Default none: pages of the
    /// server's own host, and programs, which send no origin.
    /// </summary>
    public IReadOnlyList<string> AllowedOrigins { get; set; } = [];

    /// <summary>How many clients may be connected at once; more are refused with 503. At least 1. Default 100,000.</summary>
    public int MaxConnections { get; set; } = 100_000;

    /// <summary>The largest frame a client may send, in bytes; a larger one closes with 1009. At least 1. Default null: 1 MiB, or what the hub's largest payload needs.</summary>
    public int? MaxMessageSize { get; set; }

    /// <summary>After how long without a sign of life a client is pinged, below the protocol's own <c>PING</c>; positive. Default 25 s.</summary>
    public TimeSpan PingInterval { get; set; } = TimeSpan.FromSeconds(25);

    /// <summary>How long a client may take to answer such a ping before it counts as dead; positive. Default 20 s.</summary>
    public TimeSpan PingTimeout { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>How much may wait for a client that reads slowly before it is cut off with code 1008.</summary>
    public OutboxOptions Outbox { get; set; } = new();

    /// <summary>Throws an <see cref="Microsoft.Extensions.Options.OptionsValidationException"/> that names the wrong setting.</summary>
    public void Validate()
    {
        Require(
            AllowedOrigins is not null && AllowedOrigins.All(OriginAllowList.IsEntry),
            nameof(AllowedOrigins),
            "a list of \"*\", origins such as https://example.org, or names such as *.example.org");
        Require(MaxConnections >= 1, nameof(MaxConnections), "at least 1");
        Require(MaxMessageSize is null or >= 1, nameof(MaxMessageSize), "at least 1");
        Require(PingInterval > TimeSpan.Zero, nameof(PingInterval), "positive");
        Require(PingTimeout > TimeSpan.Zero, nameof(PingTimeout), "positive");
        Require(Outbox is not null, nameof(Outbox), "given");
        Outbox!.Validate();
    }

    /// <summary>A copy that shares nothing that can change.</summary>
    internal TopicSocketOptions Copy() => this with { AllowedOrigins = [.. AllowedOrigins ?? []], Outbox = (Outbox ?? new OutboxOptions()) with { } };

    private static void Require(bool holds, string setting, string rule) => SettingCheck.Require<TopicSocketOptions>(holds, setting, rule);
}
