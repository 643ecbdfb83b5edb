using Carillon.Connections;
using Carillon.Connections.Origins;
using Microsoft.AspNetCore.Http;

namespace Carillon.SocketIO.EngineIO;

/// <summary>
/// Settings of one Engine.IO server, with the reference implementation's names and defaults. They can be set in code and bound from configuration;
/// a server takes a copy when it is mapped, and what is wrong stops the start.
/// </summary>
public record EngineIOOptions
{
    /// <summary>Time between two pings of the server; positive. Default 25 s.</summary>
    public TimeSpan PingInterval { get; set; } = TimeSpan.FromSeconds(25);

    /// <summary>How long a client may take to answer a ping before its session is closed; positive. Default 20 s.</summary>
    public TimeSpan PingTimeout { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>How long an upgrade may take before its probe is dropped; positive. Default 10 s.</summary>
    public TimeSpan UpgradeTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long a client may stay unread without one of its handlers beginning, before its session is closed; positive. Meanwhile it is still pinged, but its pongs and
    /// its close are not seen. Default 60 s.
    /// </summary>
    public TimeSpan PauseTimeout { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// The largest request body and the largest WebSocket message, in bytes; at least 1. Default 1,000,000. Clients learn it as <c>maxPayload</c>.
    /// </summary>
    public int MaxHttpBufferSize { get; set; } = 1_000_000;

    /// <summary>The ways a client may connect. Default all.</summary>
    public SocketIOTransports Transports { get; set; } = SocketIOTransports.All;

    /// <summary>Whether a polling client may upgrade to WebSocket. Default true.</summary>
    public bool AllowUpgrades { get; set; } = true;

    /// <summary>
    /// Origins of other sites whose pages may connect, as browsers send them: <c>https://example.org</c>, with a port if it is not the scheme's own and nothing
    /// behind it; <c>*.example.org</c> for all names below; or <c>*</c> for any. Default none: only pages of the server's own host, and programs, which send no origin or the server's own.
    /// Handshakes and WebSockets of other pages get 403. Listed origins may send credentials; with <c>*</c> browsers send none.
    /// </summary>
    public IReadOnlyList<string> AllowedOrigins { get; set; } = [];

    /// <summary>
    /// Decides about each handshake, before a session exists: null lets pass, a text refuses with 403 and <c>{"code":4,"message":text}</c>.
    /// It may set headers of the answer, but must not write one. Default null: every handshake is allowed.
    /// </summary>
    public Func<HttpContext, ValueTask<string?>>? AllowRequest { get; set; }

    /// <summary>
    /// What is to be kept of the request that opens a session beside what <see cref="SocketHandshake"/> holds, and found there as <see cref="SocketHandshake.Remembered"/>; the
    /// request itself does not live as long. Must not throw. Default null: nothing.
    /// </summary>
    public Func<HttpContext, object?>? Remember { get; set; }

    /// <summary>Called before a handshake is answered, to add headers to that answer. Default null.</summary>
    public Action<HttpContext>? OnInitialHeaders { get; set; }

    /// <summary>Called before any request of a client is answered, handshakes included, to add headers to that answer. Default null.</summary>
    public Action<HttpContext>? OnHeaders { get; set; }

    /// <summary>The cookie that tells a load balancer a polling client's session. Default null: no cookie is set, and none is ever read.</summary>
    public EngineCookieOptions? Cookie { get; set; }

    /// <summary>Compression of the answers to polls. Default null: none, because secrets in compressed answers over TLS can be guessed from their lengths.</summary>
    public HttpCompressionOptions? HttpCompression { get; set; }

    /// <summary>Bounds of each session's outbox.</summary>
    public OutboxOptions Outbox { get; set; } = new();

    /// <summary>
    /// Whether the server's <c>CloseAsync</c> begins by itself when the application stops. Default true; an application that must
    /// finish work first sets false and calls it.
    /// </summary>
    public bool CloseWhenApplicationStops { get; set; } = true;

    /// <summary>The official client waits for pings with one timer, whose milliseconds are 32 bits.</summary>
    private static TimeSpan LongestWait => TimeSpan.FromMilliseconds(int.MaxValue);

    /// <summary>The shortest time that the heartbeat has to keep.</summary>
    internal virtual TimeSpan ShortestDeadline => new[] { PingInterval, PingTimeout, UpgradeTimeout, PauseTimeout }.Min();

    /// <summary>Throws an <see cref="Microsoft.Extensions.Options.OptionsValidationException"/> that names the wrong setting.</summary>
    public virtual void Validate()
    {
        Require(PingInterval > TimeSpan.Zero, nameof(PingInterval), "positive");
        Require(PingTimeout > TimeSpan.Zero, nameof(PingTimeout), "positive");
        Require(
            PingTimeout <= LongestWait && PingInterval <= LongestWait - PingTimeout, nameof(PingInterval), $"with {nameof(PingTimeout)} at most {LongestWait}, as browsers' timers take no more");
        Require(UpgradeTimeout > TimeSpan.Zero, nameof(UpgradeTimeout), "positive");
        Require(PauseTimeout > TimeSpan.Zero, nameof(PauseTimeout), "positive");
        Require(MaxHttpBufferSize >= 1, nameof(MaxHttpBufferSize), "at least 1");
        Require(
            Transports is > SocketIOTransports.None and <= SocketIOTransports.All, nameof(Transports), "Polling, WebSocket or both");
        Require(
            AllowedOrigins is not null && AllowedOrigins.All(IsOrigin), nameof(AllowedOrigins), "a list of \"*\", names such as *.example.org, or origins such as https://example.org, with nothing behind host and port");
        Require(Outbox is not null, nameof(Outbox), "given");
        Cookie?.Validate();
        HttpCompression?.Validate();
        Outbox!.Validate();
    }

    /// <summary>Whether <see cref="AllowedOrigins"/> may hold <paramref name="text"/>.</summary>
    public static bool IsOrigin(string? text) => OriginAllowList.IsEntry(text);

    // By the name of the type that the application fills.
    private void Require(bool holds, string setting, string rule) => SettingCheck.Require(GetType(), holds, setting, rule);

    /// <summary>A checked copy that later changes of <paramref name="options"/> do not reach.</summary>
    internal static TOptions Checked<TOptions>(TOptions options)
        where TOptions : EngineIOOptions
    {
        options.Validate();
        return (TOptions)(options with
        {
            AllowedOrigins = [.. options.AllowedOrigins],
            Cookie = options.Cookie is null ? null : options.Cookie with { },
            HttpCompression = options.HttpCompression is null ? null : options.HttpCompression with { },
            Outbox = options.Outbox with { },
        });
    }
}
