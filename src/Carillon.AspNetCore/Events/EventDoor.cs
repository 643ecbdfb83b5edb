using Carillon.Connections.Origins;
using Carillon.Errors;
using Microsoft.AspNetCore.Http;

namespace Carillon.AspNetCore.Events;

/// <summary>
/// Which sites' pages may listen. A page's request without credentials of its own is sent without asking, so the origin is checked on each; and the page may read
/// the stream only where the answer names it (Fetch Standard, "CORS protocol"). Immutable, thread-safe.
/// </summary>
internal sealed class EventDoor(IReadOnlyList<string> allowedOrigins)
{
    private const string Any = "*";

    private readonly OriginAllowList _origins = new(allowedOrigins);
    private readonly bool _anyone = allowedOrigins.Contains(Any, StringComparer.Ordinal);

    /// <summary>Null when the request may go on, with the headers that let its page read the answer; else why not.</summary>
    public Error? Check(HttpContext context)
    {
        IHeaderDictionary headers = context.Response.Headers;
        headers.Vary = "Origin";
        if (!_origins.Allows(context))
        {
            return new Error(ErrorCode.Forbidden, "Pages of this origin may not listen");
        }

        if (context.Request.Headers.Origin is [{ } origin])
        {
            headers.AccessControlAllowOrigin = _anyone ? Any : origin;
            if (!_anyone)
            {
                headers.AccessControlAllowCredentials = "true";
            }
        }

        return null;
    }

    /// <summary>Answers the question that browsers ask before a request with a header of the page's own, such as <c>Authorization</c>.</summary>
    public Error? CheckPreflight(HttpContext context)
    {
        Error? error = Check(context);
        if (error is null)
        {
            context.Response.StatusCode = StatusCodes.Status204NoContent;
            context.Response.Headers.Allow = "GET, HEAD, OPTIONS";
            context.Response.Headers.AccessControlAllowMethods = "GET";
            context.Response.Headers.AccessControlAllowHeaders = "Authorization, X-Api-Key, Last-Event-ID, Cache-Control";
            context.Response.Headers.AccessControlMaxAge = "600";
        }

        return error;
    }
}
