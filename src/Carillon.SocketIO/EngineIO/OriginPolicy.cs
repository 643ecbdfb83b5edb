using Carillon.Connections.Origins;
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
    private readonly bool _allowsNone = allowed.Count == 0;
    private readonly OriginAllowList _allowed = new(allowed);

    /// <summary>Sets the response's CORS headers where the request's origin is allowed.</summary>
    public void SetHeaders(HttpContext context)
    {
        StringValues origin = context.Request.Headers.Origin;
        if (origin.Count != 1 || _allowsNone)
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
        if (_allowed.Lists(origin[0]!))
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

    /// <summary>
    /// Whether a session or a WebSocket may be opened: no origin (no browser, or a page's poll of its own site), the server's own host, or an allowed one.
    /// </summary>
    public bool Allows(HttpContext context) => _allowsAny || _allowed.Allows(context);
}
