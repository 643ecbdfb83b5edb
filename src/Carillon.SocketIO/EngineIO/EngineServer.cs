using System.Collections.Concurrent;
using Carillon.Connections;
using Carillon.Connections.WebSockets;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Carillon.SocketIO.EngineIO;

/// <summary>Engine.IO 4 on one route: opens sessions and finds the one a request belongs to. Thread-safe.</summary>
internal sealed partial class EngineServer : IDisposable
{
    private static readonly TimeSpan ShortestTick = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan LongestTick = TimeSpan.FromMilliseconds(500);

    private readonly ConcurrentDictionary<string, EngineSession> _sessions = new(StringComparer.Ordinal);
    private readonly Func<EngineSession, IEngineListener> _createListener;
    private readonly OriginPolicy _origins;
    private readonly WebSocketConnectionOptions _webSocketOptions;
    private readonly ILogger _logger;

    public EngineServer(
        EngineIOOptions options, TimeProvider time, SocketIOMetrics metrics, ILogger logger, Func<EngineSession, IEngineListener> createListener)
    {
        Options = options;
        Metrics = metrics;
        _logger = logger;
        _createListener = createListener;
        _origins = new OriginPolicy(options.AllowedOrigins);
        _webSocketOptions = new WebSocketConnectionOptions { MaxMessageSize = options.MaxHttpBufferSize, WriteTimeout = options.Outbox.WriteTimeout };
        TimeSpan shortest = options.ShortestDeadline / 8;
        Heartbeat = new Heartbeat(time, shortest < ShortestTick ? ShortestTick : shortest > LongestTick ? LongestTick : shortest, logger);
    }

    public EngineIOOptions Options { get; }

    public SocketIOMetrics Metrics { get; }

    public Heartbeat Heartbeat { get; }

    public int SessionCount => _sessions.Count;

    public IEngineListener CreateListener(EngineSession session) => _createListener(session);

    /// <summary>Answers one request.</summary>
    public async Task HandleAsync(HttpContext context)
    {
        EnterRequest();
        try
        {
            _origins.SetHeaders(context);
            if (HttpMethods.IsOptions(context.Request.Method))
            {
                OriginPolicy.SetPreflightHeaders(context);
                context.Response.StatusCode = StatusCodes.Status204NoContent;
                return;
            }

            if (await DispatchAsync(context) is { } error)
            {
                await error.WriteAsync(context);
            }
        }
        finally
        {
            LeaveRequest();
        }
    }

    public void Remove(EngineSession session)
    {
        _sessions.TryRemove(session.Id, out _);
        Heartbeat.Unregister(session);
    }

    public void OnSessionClosed(EngineSession session, DisconnectReason reason)
    {
        Metrics.OnClosed(session.Transport);
        bool isForCause = reason.Detail is not null || reason.Cause is not (DisconnectCause.TransportClose or DisconnectCause.PingTimeout or DisconnectCause.ServerShuttingDown);
        LogClosed(isForCause ? LogLevel.Information : LogLevel.Debug, session.Id, reason, reason.Detail ?? "none");
    }

    public void Dispose() => Heartbeat.Dispose();

    private async ValueTask<EngineError?> OpenWebSocketAsync(HttpContext context, EngineSession? upgrading)
    {
        if (WebSocketHandshake.FindRefusal(context) is { } status)
        {
            return status == StatusCodes.Status426UpgradeRequired ? EngineError.VersionOfWebSocket : EngineError.BadRequest;
        }

        WebSocketConnection connection = await WebSocketHandshake.AcceptAsync(context, _webSocketOptions, Heartbeat, Metrics);
        if (upgrading is not null && !upgrading.BeginProbe(connection))
        {
            connection.Close(WebSocketCloseCode.PolicyViolation, "the session cannot upgrade");
        }

        EngineSession session = upgrading ?? OpenSession(context, connection);
        EnterRequest(); // The connection may outlive the request; it counts until its end.
        await connection.RunAsync(new WebSocketTransport(session, connection, isProbe: upgrading is not null));
        return null;
    }

    private EngineSession OpenSession(HttpContext context, WebSocketConnection? webSocket)
    {
        var session = new EngineSession(this, new HandshakeRequest(context, Heartbeat.Time.GetUtcNow(), Options.Remember?.Invoke(context)), webSocket);
        _sessions[session.Id] = session;
        Metrics.OnOpened(session.Transport);
        session.Start();
        if (IsClosing)
        {
            session.Close(new DisconnectReason(DisconnectCause.ServerShuttingDown)); // It slipped in while the others were being closed.
        }

        return session;
    }

    // Session ids are secrets; their beginning is enough to tell sessions apart.
    private void LogClosed(LogLevel level, string sessionId, DisconnectReason reason, string detail) => LogClosedCore(level, sessionId[..8], reason, detail);

    [LoggerMessage(EventId = 1, Message = "Session {Session}… closed: {Reason}, detail: {Detail}")]
    private partial void LogClosedCore(LogLevel level, string session, DisconnectReason reason, string detail);
}
