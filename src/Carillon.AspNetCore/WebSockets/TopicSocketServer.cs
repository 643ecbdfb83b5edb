using System.Collections.Concurrent;
using System.Security.Cryptography;
using Carillon.Access;
using Carillon.AspNetCore.Authentication;
using Carillon.AspNetCore.Commands;
using Carillon.Connections;
using Carillon.Connections.WebSockets;
using Carillon.Hubs;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Carillon.AspNetCore.WebSockets;

/// <summary>A hub's WebSocket JSON on one route: lets clients in and keeps their connections. Thread-safe.</summary>
internal sealed class TopicSocketServer : IDisposable
{
    private const int UsualMessageSize = 1024 * 1024;
    private const string ShuttingDown = "server is shutting down";

    private static readonly TimeSpan ShortestTick = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan LongestTick = TimeSpan.FromMilliseconds(500);

    private readonly ConcurrentDictionary<TopicSocketConnection, byte> _connections = new(ReferenceEqualityComparer.Instance);
    private readonly TopicSocketDoor _door;
    private readonly WebSocketConnectionOptions _webSocketOptions;
    private volatile bool _isStopping;
    private int _count;

    public TopicSocketServer(Hub hub, TopicSocketOptions options, IServiceProvider services)
    {
        Hub = hub;
        Options = options;
        Logger = services.GetRequiredService<ILoggerFactory>().CreateLogger("Carillon.WebSockets");
        Verifiers = services.GetService<TokenVerifiers>() ?? new TokenVerifiers([]);
        _door = new TopicSocketDoor(options);
        _webSocketOptions = new WebSocketConnectionOptions
        {
            MaxMessageSize = options.MaxMessageSize ?? Math.Max(UsualMessageSize, hub.Options.MaxPayloadBytes + PublishCommand.MaxEnvelopeBytes),
            WriteTimeout = options.Outbox.WriteTimeout,
        };
        TimeSpan tick = (options.PingInterval < options.PingTimeout ? options.PingInterval : options.PingTimeout) / 8;
        Heartbeat = new Heartbeat(hub.Time, tick < ShortestTick ? ShortestTick : tick > LongestTick ? LongestTick : tick, Logger);
        Garbage = new GarbageLog(Logger, hub.Time);
    }

    public Hub Hub { get; }

    public TopicSocketOptions Options { get; }

    public ILogger Logger { get; }

    public TokenVerifiers Verifiers { get; }

    public Heartbeat Heartbeat { get; }

    public GarbageLog Garbage { get; }

    /// <summary>Answers one request.</summary>
    public async Task HandleAsync(HttpContext context)
    {
        if (_isStopping)
        {
            await TopicSocketDoor.RefuseAsync(context, "The server is stopping");
            return;
        }

        if (!await _door.EnterAsync(context))
        {
            return;
        }

        if (Interlocked.Increment(ref _count) > Options.MaxConnections)
        {
            Interlocked.Decrement(ref _count);
            await TopicSocketDoor.RefuseAsync(context, "The server has as many connections as it may");
            return;
        }

        TopicSocketConnection connection;
        try
        {
            connection = await AcceptAsync(context);
        }
        catch (Exception)
        {
            Interlocked.Decrement(ref _count);
            throw;
        }

        _connections.TryAdd(connection, 0);
        if (_isStopping)
        {
            connection.BeginClose(WebSocketCloseCode.GoingAway, ShuttingDown); // It slipped in while the others were being closed.
        }

        await connection.RunAsync();
    }

    /// <summary>A connection has ended.</summary>
    public void OnEnded(TopicSocketConnection connection)
    {
        _connections.TryRemove(connection, out _);
        Interlocked.Decrement(ref _count);
    }

    /// <summary>Refuses new clients and closes all others so that they come back, to another node or after the restart.</summary>
    public void Stop()
    {
        _isStopping = true;
        foreach ((TopicSocketConnection connection, _) in _connections)
        {
            connection.BeginClose(WebSocketCloseCode.GoingAway, ShuttingDown);
        }
    }

    public void Dispose() => Heartbeat.Dispose();

    private async ValueTask<TopicSocketConnection> AcceptAsync(HttpContext context)
    {
        Requester requester = context.GetRequester();
        MessageFraming framing = MessageFraming.Choose(context);
        WebSocketConnection webSocket = await WebSocketHandshake.AcceptAsync(context, _webSocketOptions, Heartbeat);
        return new TopicSocketConnection(this, webSocket, requester, framing, RandomNumberGenerator.GetHexString(24, lowercase: true));
    }
}
