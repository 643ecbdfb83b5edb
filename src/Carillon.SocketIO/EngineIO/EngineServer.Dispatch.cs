using Carillon.Connections.WebSockets;
using Microsoft.AspNetCore.Http;

namespace Carillon.SocketIO.EngineIO;

internal sealed partial class EngineServer
{
    private const string ProtocolVersion = "4";

    // The checks in the reference server's order, so that clients see the same codes. An error to answer, or null if the request was answered.
    private async ValueTask<EngineError?> DispatchAsync(HttpContext context)
    {
        IQueryCollection query = context.Request.Query;
        SocketIOTransports transport = query["transport"].ToString() switch
        {
            "polling" => SocketIOTransports.Polling,
            "websocket" => SocketIOTransports.WebSocket,
            _ => SocketIOTransports.None,
        };
        if ((transport & Options.Transports) == SocketIOTransports.None)
        {
            return EngineError.UnknownTransport;
        }

        if (IsClosing)
        {
            return EngineError.ShuttingDown;
        }

        string id = query["sid"].ToString();
        bool isWebSocket = WebSocketHandshake.IsRequest(context);
        return id.Length > 0
            ? await OnSessionRequestAsync(context, transport, id, isWebSocket)
            : await OnHandshakeAsync(context, transport, isWebSocket);
    }

    private async ValueTask<EngineError?> OnHandshakeAsync(HttpContext context, SocketIOTransports transport, bool isWebSocket)
    {
        if (!HttpMethods.IsGet(context.Request.Method) && !WebSocketHandshake.IsConnect(context))
        {
            return EngineError.BadHandshakeMethod;
        }

        if (isWebSocket != (transport == SocketIOTransports.WebSocket))
        {
            return EngineError.BadRequest;
        }

        if (!_origins.Allows(context))
        {
            return EngineError.Forbidden;
        }

        if (Options.AllowRequest is { } allow && await allow(context) is { } refusal)
        {
            return EngineError.Forbidden with { Message = refusal };
        }

        if (context.Request.Query["EIO"] != ProtocolVersion)
        {
            return EngineError.UnsupportedVersion;
        }

        Options.OnInitialHeaders?.Invoke(context);
        Options.OnHeaders?.Invoke(context);
        return isWebSocket ? await OpenWebSocketAsync(context, null) : await OpenPollingAsync(context);
    }

    private async ValueTask<EngineError?> OnSessionRequestAsync(HttpContext context, SocketIOTransports transport, string id, bool isWebSocket)
    {
        if (!_sessions.TryGetValue(id, out EngineSession? session))
        {
            return EngineError.UnknownSession;
        }

        if (context.Request.Query["EIO"] != ProtocolVersion || isWebSocket != (transport == SocketIOTransports.WebSocket))
        {
            return EngineError.BadRequest;
        }

        if (isWebSocket)
        {
            if (!Options.AllowUpgrades)
            {
                return EngineError.BadRequest;
            }

            if (!_origins.Allows(context))
            {
                return EngineError.Forbidden;
            }

            Options.OnHeaders?.Invoke(context);
            return await OpenWebSocketAsync(context, session);
        }

        bool isGet = HttpMethods.IsGet(context.Request.Method);
        if (!isGet && !HttpMethods.IsPost(context.Request.Method))
        {
            return EngineError.BadRequest;
        }

        Options.OnHeaders?.Invoke(context);
        await (isGet ? session.PollAsync(context) : session.PostAsync(context));
        return null;
    }

    private async ValueTask<EngineError?> OpenPollingAsync(HttpContext context)
    {
        EngineSession session = OpenSession(context, null);
        Options.Cookie?.Set(context, session.Id);
        await session.PollAsync(context, isHandshake: true);
        return null;
    }
}
