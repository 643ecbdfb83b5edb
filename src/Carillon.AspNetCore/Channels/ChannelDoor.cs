using Carillon.AspNetCore.Commands;
using Carillon.AspNetCore.Http;
using Carillon.Connections.Origins;
using Carillon.Connections.WebSockets;
using Carillon.Errors;
using Carillon.Topics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Carillon.AspNetCore.Channels;

/// <summary>What is checked before a request becomes a connection: the handshake, the page's origin, the channel's id. Immutable, thread-safe.</summary>
internal sealed class ChannelDoor(ChannelSocketOptions options)
{
    public const string RouteValue = "channelId";
    private readonly OriginAllowList _origins = new(options.AllowedOrigins);

    /// <summary>The channel that the request asks for, or null if the request was refused and answered.</summary>
    public async ValueTask<string?> EnterAsync(HttpContext context)
    {
        if (WebSocketHandshake.FindRefusal(context) is { } status)
        {
            return await RefuseAsync(context, status, new Error(ErrorCode.BadRequest, "This address takes WebSockets only (RFC 6455, version 13)"));
        }

        if (!_origins.Allows(context))
        {
            return await RefuseAsync(context, new Error(ErrorCode.Forbidden, "Pages of this origin may not connect"));
        }

        string? id = await FindChannelAsync(context);
        Error? error = id is null ? Error.Missing(RouteValue) : Identifier.Check(id, RouteValue);
        return error is null ? id : await RefuseAsync(context, error);
    }

    /// <summary>Answers 503, to try again later. Returns null, as a refused request has no channel.</summary>
    public static ValueTask<string?> RefuseAsync(HttpContext context, string reason) => RefuseAsync(context, new Error(ErrorCode.Unavailable, reason));

    private static async ValueTask<string?> RefuseAsync(HttpContext context, Error error)
    {
        await HttpAnswer.SendAsync(context, error);
        return null;
    }

    private static async ValueTask<string?> RefuseAsync(HttpContext context, int status, Error error)
    {
        var buffer = JsonBuffer.Start(out var json);
        Answer.Failed(json, error);
        await HttpAnswer.SendAsync(context, status, buffer);
        return null;
    }

    private ValueTask<string?> FindChannelAsync(HttpContext context)
    {
        if (options.ChannelId is { } choose)
        {
            return choose(context);
        }

        // Without a value, only a route that has no place for one means the default channel.
        string? id = context.GetRouteValue(RouteValue)?.ToString()
            ?? (context.GetEndpoint() is RouteEndpoint { RoutePattern: var pattern } && pattern.GetParameter(RouteValue) is null ? ChannelSocketOptions.DefaultChannel : null);
        return ValueTask.FromResult(id);
    }
}
