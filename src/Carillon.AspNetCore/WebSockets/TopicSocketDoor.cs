using Carillon.AspNetCore.Authentication;
using Carillon.AspNetCore.Commands;
using Carillon.AspNetCore.Http;
using Carillon.Connections.Origins;
using Carillon.Connections.WebSockets;
using Carillon.Errors;
using Microsoft.AspNetCore.Http;

namespace Carillon.AspNetCore.WebSockets;

/// <summary>What is checked before a request becomes a connection: the handshake, the page's origin, the token. Immutable, thread-safe.</summary>
internal sealed class TopicSocketDoor(TopicSocketOptions options)
{
    private readonly OriginAllowList _origins = new(options.AllowedOrigins);

    /// <summary>False if the request was refused and answered.</summary>
    public async ValueTask<bool> EnterAsync(HttpContext context)
    {
        if (WebSocketHandshake.FindRefusal(context) is { } status)
        {
            JsonBuffer buffer = JsonBuffer.Start(out var json);
            Answer.Failed(json, new Error(ErrorCode.BadRequest, "This address takes WebSockets only (RFC 6455, version 13)"));
            await HttpAnswer.SendAsync(context, status, buffer);
            return false;
        }

        Error? error = _origins.Allows(context)
            ? context.GetTokenRefusal() // A wrong token is not taken for none.
            : new Error(ErrorCode.Forbidden, "Pages of this origin may not connect");
        if (error is not null)
        {
            await HttpAnswer.SendAsync(context, error);
        }

        return error is null;
    }

    /// <summary>Answers 503, to try again later.</summary>
    public static Task RefuseAsync(HttpContext context, string reason) => HttpAnswer.SendAsync(context, new Error(ErrorCode.Unavailable, reason));
}
