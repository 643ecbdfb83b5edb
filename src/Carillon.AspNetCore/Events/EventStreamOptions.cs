using Carillon.Connections.Origins;
using Carillon.Connections;

namespace Carillon.AspNetCore.Events;

/// <summary>Settings of a hub's server-sent events. Taken when the hub is mapped; what is wrong stops the start.</summary>
public sealed record EventStreamOptions
{
    /// <summary>Most topics and patterns of one stream: each named topic has a place in every id. 1 to 100. Default 50.</summary>
    public int MaxTopics { get; set; } = 50;

    /// <summary>How many streams may be open on this node at once; more are refused with 503. At least 1. Default 100,000.</summary>
    public int MaxStreams { get; set; } = 100_000;

    /// <summary>After how long without an event a comment is sent, so that neither side, nor a proxy between them, takes the other for dead. Positive. Default 25 s.</summary>
    public TimeSpan HeartbeatInterval { get; set; } = TimeSpan.FromSeconds(25);

    /// <summary>How long an <c>EventSource</c> waits before it comes back. Zero or positive. Default 2 s.</summary>
    public TimeSpan Retry { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Origins of other sites whose pages may listen: <c>https://example.org</c>, <c>*.example.org</c> for all names below, or <c>*</c> for any, then without cookies.
    /// Default none: pages of the server's own host, and programs, which send no origin.
    /// </summary>
    public IReadOnlyList<string> AllowedOrigins { get; set; } = [];

    /// <summary>How much may wait for a client that reads slowly before it is cut off. It comes back with the id of the last event that it got.</summary>
    public OutboxOptions Outbox { get; set; } = new();

    /// <summary>Throws an <see cref="Microsoft.Extensions.Options.OptionsValidationException"/> that names the wrong setting.</summary>
    public void Validate()
    {
        Require(MaxTopics is >= 1 and <= 100, nameof(MaxTopics), "between 1 and 100");
        Require(MaxStreams >= 1, nameof(MaxStreams), "at least 1");
        Require(HeartbeatInterval > TimeSpan.Zero, nameof(HeartbeatInterval), "positive");
        Require(Retry >= TimeSpan.Zero && Retry <= TimeSpan.FromHours(1), nameof(Retry), "between zero and one hour");
        Require(
            AllowedOrigins is not null && AllowedOrigins.All(OriginAllowList.IsEntry),
            nameof(AllowedOrigins),
            "a list of \"*\", origins such as https://example.org, or names such as *.example.org");
        Require(Outbox is not null, nameof(Outbox), "given");
        Outbox!.Validate();
    }

    private static void Require(bool holds, string setting, string rule) => SettingCheck.Require<EventStreamOptions>(holds, setting, rule);
}
