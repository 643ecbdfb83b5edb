using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Carillon.SocketIO.EngineIO;

/// <summary>
/// Which sites' pages may talk to the server. Others are refused when they open a session, or a WebSocket for one, which CORS does not guard. What follows
/// carries a session id, which only those know who were let in.
/// </summary>
internal sealed class OriginPolicy(IReadOnlyList<string> allowed)
{
    private const string Any = "*";
    private readonly bool _allowsAny = allowed.Contains(Any);

    /// <summary>Sets the response's CORS headers where the request's origin is allowed.</summary>
    public void SetHeaders(HttpContext context)
    {
        StringValues origin = context.Request.Headers.Origin;
        if (origin.Count != 1 || (!_allowsAny && allowed.Count == 0))
        {
            return;
        }

        IHeaderDictionary headers = context.Response.Headers;
        if (_allowsAny)
        {
            headers.AccessControlAllowOrigin = Any;
            return;
        }

        headers.Append(HeaderNames.Vary, HeaderNames.Origin);
        if (IsListed(origin[0]!))
        {
            headers.AccessControlAllowOrigin = origin;
            headers.AccessControlAllowCredentials = "true";
        }
    }

    /// <summary>Adds to <see cref="SetHeaders"/> what a preflight asks for.</summary>
    public static void SetPreflightHeaders(HttpContext context)
    {
        IHeaderDictionary headers = context.Response.Headers;
        if (headers.AccessControlAllowOrigin.Count > 0)
        {
            headers.AccessControlAllowMethods = "GET, POST";
            string asked = context.Request.Headers.AccessControlRequestHeaders.ToString();
            headers.AccessControlAllowHeaders = asked.All(static letter => letter is >= ' ' and <= '~') ? asked : StringValues.Empty;
            headers.AccessControlMaxAge = "600";
        }
    }

    /// <summary>Whether <paramref name="text"/> can be listed: an origin as browsers send it, or <c>*</c>.</summary>
    public static bool IsOrigin(string text) =>
        text is Any
        || (Uri.TryCreate(text, UriKind.Absolute, out Uri? uri)
            && Ascii.IsValid(text) // Browsers send names of other letters as Punycode.
            && uri.UserInfo.Length == 0
            && Uri.CheckHostName(uri.Host.Trim('[', ']')) != UriHostNameType.Unknown
            && string.Equals(uri.GetLeftPart(UriPartial.Authority), text, StringComparison.OrdinalIgnoreCase));

    /// <summary>
    /// Whether a session or a WebSocket may be opened: no origin (no browser, or a page's poll of its own site), the server's own host, or an allowed one.
    /// </summary>
    public bool Allows(HttpContext context)
    {
        StringValues origin = context.Request.Headers.Origin;
        return origin.Count == 0 || _allowsAny || (origin.Count == 1 && (IsListed(origin[0]!) || IsOwnHost(origin[0]!, context.Request.Host)));
    }

    private static bool IsOwnHost(string origin, HostString host)
    {
        // The scheme is left out: behind a proxy that ends TLS it differs.
        int scheme = origin.IndexOf("://", StringComparison.Ordinal);
        return scheme > 0 && string.Equals(origin[(scheme + 3)..], host.Value, StringComparison.OrdinalIgnoreCase);
    }

    private bool IsListed(string origin)
    {
        foreach (string listed in allowed)
        {
            if (string.Equals(listed, origin, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }
}
