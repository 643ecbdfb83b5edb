using Carillon.Connections;
using Microsoft.AspNetCore.Http;

namespace Carillon.SocketIO.EngineIO;

/// <summary>The cookie set by the answer to a polling handshake; its value is the session's id. Names and defaults are the reference implementation's.</summary>
public sealed record EngineCookieOptions
{
    /// <summary>The cookie's name; a token of RFC 6265 §4.1.1. Default <c>io</c>.</summary>
    public string Name { get; set; } = "io";

    /// <summary>The path it is sent to. Default <c>/</c>.</summary>
    public string Path { get; set; } = "/";

    /// <summary>The domain it is sent to, or null for the answering host alone. Default null.</summary>
    public string? Domain { get; set; }

    /// <summary>Whether scripts must not read it. Default true.</summary>
    public bool HttpOnly { get; set; } = true;

    /// <summary>Which requests of other sites carry it. Default <see cref="SameSiteMode.Lax"/>.</summary>
    public SameSiteMode SameSite { get; set; } = SameSiteMode.Lax;

    /// <summary>Whether it is sent over TLS only. Default false.</summary>
    public bool Secure { get; set; }

    /// <summary>How long it is kept, zero or positive; null until the browser closes. Default null.</summary>
    public TimeSpan? MaxAge { get; set; }

    internal void Validate()
    {
        SettingCheck.Require<EngineCookieOptions>(IsToken(Name), nameof(Name), "a token of letters, digits and !#$%&'*+-.^_`|~");
        SettingCheck.Require<EngineCookieOptions>(IsAttribute(Path) && Path.StartsWith('/'), nameof(Path), "a path that begins with /");
        SettingCheck.Require<EngineCookieOptions>(Domain is null || IsAttribute(Domain), nameof(Domain), "a domain");
        SettingCheck.Require<EngineCookieOptions>(Enum.IsDefined(SameSite), nameof(SameSite), "Unspecified, None, Lax or Strict");
        SettingCheck.Require<EngineCookieOptions>(MaxAge is null || MaxAge >= TimeSpan.Zero, nameof(MaxAge), "zero or positive");
    }

    internal void Set(HttpContext context, string sessionId) => context.Response.Cookies.Append(Name, sessionId, new CookieOptions
    {
        Path = Path,
        Domain = Domain,
        HttpOnly = HttpOnly,
        SameSite = SameSite,
        Secure = Secure,
        MaxAge = MaxAge,
    });

    private static bool IsToken(string? text) =>
        !string.IsNullOrEmpty(text) && text.All(static c => char.IsAsciiLetterOrDigit(c) || "!#$%&'*+-.^_`|~".Contains(c, StringComparison.Ordinal));

    private static bool IsAttribute(string? text) => !string.IsNullOrEmpty(text) && text.All(static c => c is > ' ' and < '\x7f' and not ';');
}
