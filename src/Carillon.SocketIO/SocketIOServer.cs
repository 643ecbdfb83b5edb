using System.Diagnostics.Metrics;
using Carillon.SocketIO.Cluster;
using Carillon.SocketIO.EngineIO;
using Carillon.SocketIO.Recovery;
using Carillon.SocketIO.Rooms;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Carillon.SocketIO;

/// <summary>
/// A Socket.IO server on one route: its namespaces and its clients. What is sent to it, or asked of it, goes to the main namespace <c>/</c>. Thread-safe.
/// </summary>
public sealed partial class SocketIOServer : BroadcastEmitter, IAsyncDisposable
{
    private readonly ILogger _logger;

    internal SocketIOServer(SocketIOOptions options, TimeProvider time, ILogger logger, IMeterFactory? meters, IServiceProvider services)
    {
        options.ConnectionStateRecovery = options.ConnectionStateRecovery is { } recovery ? recovery with { } : null; // The rest was copied before.
        Options = options;
        Time = time;
        Services = services;
        ArgumentsJson = new Json.SocketJson(options.Json);
        _logger = logger;
        Engine = new EngineServer(options, time, new SocketIOMetrics(meters), logger, session => new SocketIOClient(this, session));
        RecoveryMemory = options.ConnectionStateRecovery is { } kept ? new RecoveryMemory(kept, Engine.Heartbeat) : null;
        _namespaces = [new SocketNamespace(this, "/")];
        Cluster = options.ClusterTransport is { } transport ? new ClusterNode(this, transport) : null;
    }

    /// <summary>The settings it runs with.</summary>
    public SocketIOOptions Options { get; }

    /// <summary>The application's services.</summary>
    public IServiceProvider Services { get; }

    /// <summary>How many clients have an open session.</summary>
    public int ConnectionCount => Engine.SessionCount;

    internal TimeProvider Time { get; }

    /// <summary>Null where this is the only node.</summary>
    internal ClusterNode? Cluster { get; }

    internal EngineServer Engine { get; }

    /// <summary>Null where clients are not recovered.</summary>
    internal RecoveryMemory? RecoveryMemory { get; }

    internal Json.SocketJson ArgumentsJson { get; }

    internal override SocketNamespace Target => Namespaces[0];

    internal override Audience Audience => Audience.Everyone;

    internal override EmitFlags Flags => default;

    /// <summary>Sets what is done with a socket that has joined <c>/</c>; see <see cref="SocketNamespace.OnConnection(Func{Socket, ValueTask})"/>.</summary>
    public void OnConnection(Func<Socket, ValueTask> handler) => Target.OnConnection(handler);

    /// <summary>Sets what is done with a socket that has joined <c>/</c>.</summary>
    public void OnConnection(Action<Socket> handler) => Target.OnConnection(handler);

    /// <summary>Adds a check of those who want to join <c>/</c>; see <see cref="SocketNamespace.Use"/>.</summary>
    public void Use(Func<Socket, CancellationToken, ValueTask<ConnectRefusal?>> middleware) => Target.Use(middleware);

    /// <summary>
    /// Shuts down so that clients come back by themselves after a restart: new sessions get 503; WebSockets get what waits for them, for up to 2 s,
    /// then a close frame 1001; pending polls get 503. Returns when all requests have ended, after 3 s at most. Can be called more than once.
    /// </summary>
    public async ValueTask CloseAsync(CancellationToken cancellationToken = default) => await Engine.CloseAsync(cancellationToken);

    /// <summary>Stops the heartbeat, forgets what was kept to recover clients, and leaves the other nodes.</summary>
    public async ValueTask DisposeAsync()
    {
        Engine.Dispose();
        await EndNamespacesAsync();
        if (Cluster is not null)
        {
            await Cluster.DisposeAsync();
        }
    }

    /// <summary>Joins the other nodes, when the application has set up what is done with their messages. Called once.</summary>
    internal void JoinCluster() => Cluster?.Start();

    internal Task HandleAsync(HttpContext context) => Engine.HandleAsync(context);
}
