using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Carillon.Connections.Origins;

/// <summary>
/// Which sites' pages may connect: browsers send the page's origin, and CORS does not guard WebSockets (RFC 6455 §10.2). Immutable, thread-safe.
/// </summary>
/// <param name="allowed">Origins as browsers send them, <c>*.domain</c> for all names below a domain, or <c>*</c> for any; see <see cref="IsEntry"/>.</param>
public sealed class OriginAllowList(IReadOnlyList<string> allowed)
{
    private const string Any = "*";
    private const string AnyBelow = "*.";
    private const string SchemeEnd = "://";
    private readonly string[] _allowed = [.. allowed];

    /// <summary>Whether <paramref name="text"/> can be listed: an origin as browsers send it, <c>*.domain</c>, or <c>*</c> for any.</summary>
    public static bool IsEntry(string? text) => text is Any || IsOrigin(text) || (text?.StartsWith(AnyBelow, StringComparison.Ordinal) == true && IsDomain(text[2..]));

    /// <summary>Whether the request may go on: it has no origin (no browser), that of the server's own host, or an allowed one.</summary>
    public bool Allows(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        StringValues origin = context.Request.Headers.Origin;
        return origin.Count == 0 || (origin.Count == 1 && (IsOwnHost(origin[0]!, context.Request.Host) || Lists(origin[0]!)));
    }

    /// <summary>Whether <paramref name="origin"/> is one that is listed, whatever the server's own host is.</summary>
    public bool Lists(string origin) => Array.Exists(_allowed, entry => Matches(entry, origin));

    private static bool Matches(string entry, string origin)
    {
        if (!entry.StartsWith(AnyBelow, StringComparison.Ordinal))
        {
            return entry is Any || string.Equals(entry, origin, StringComparison.OrdinalIgnoreCase);
        }

        // Bounded by the dot: *.example.org lists neither example.org nor badexample.org.
        return IsOrigin(origin) && new Uri(origin).Host is var host && host.Length > entry.Length - 1 && host.EndsWith(entry[1..], StringComparison.OrdinalIgnoreCase);
    }

    // The scheme is left out: behind a proxy that ends TLS it differs.
    private static bool IsOwnHost(string origin, HostString host) =>
        origin.IndexOf(SchemeEnd, StringComparison.Ordinal) is > 0 and var scheme
        && string.Equals(origin[(scheme + SchemeEnd.Length)..], host.Value, StringComparison.OrdinalIgnoreCase);

    // Browsers send names of other letters as Punycode, and nothing behind the port.
    private static bool IsOrigin(string? text) =>
        Uri.TryCreate(text, UriKind.Absolute, out Uri? uri)
        && Ascii.IsValid(text)
        && uri.UserInfo.Length == 0
        && Uri.CheckHostName(uri.Host.Trim('[', ']')) != UriHostNameType.Unknown
        && string.Equals(uri.GetLeftPart(UriPartial.Authority), text, StringComparison.OrdinalIgnoreCase);

    private static bool IsDomain(string text) => Ascii.IsValid(text) && Uri.CheckHostName(text) == UriHostNameType.Dns;
}
