using System.Diagnostics.Metrics;
using System.Text.RegularExpressions;
using Carillon.SocketIO.Cluster;
using Carillon.SocketIO.EngineIO;
using Carillon.SocketIO.Rooms;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Atomic = System.Threading.Volatile;

namespace Carillon.SocketIO;

/// <summary>
/// A Socket.IO server on one route: its namespaces and its clients. What is sent to it, or asked of it, goes to the main namespace <c>/</c>. Thread-safe.
/// </summary>
public sealed partial class SocketIOServer : BroadcastEmitter, IAsyncDisposable
{
    private readonly ILogger _logger;
    private SocketNamespace[] _namespaces;
    private SocketNamespaceFamily[] _families = [];

    internal SocketIOServer(SocketIOOptions options, TimeProvider time, ILogger logger, IMeterFactory? meters, IServiceProvider services)
    {
        options.ConnectionStateRecovery = options.ConnectionStateRecovery is { } recovery ? recovery with { } : null; // The rest was copied before.
        Options = options;
        Time = time;
        Services = services;
        ArgumentsJson = new Json.SocketJson(options.Json);
        _logger = logger;
        _namespaces = [new SocketNamespace(this, "/")];
        Cluster = options.ClusterTransport is { } transport ? new ClusterNode(this, transport) : null;
        Engine = new EngineServer(options, time, new SocketIOMetrics(meters), logger, session => new SocketIOClient(this, session));
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

    internal Json.SocketJson ArgumentsJson { get; }

    internal override SocketNamespace Target => Atomic.Read(ref _namespaces)[0];

    internal override Audience Audience => Audience.Everyone;

    internal override EmitFlags Flags => default;

    internal ReadOnlySpan<SocketNamespace> Namespaces => Atomic.Read(ref _namespaces);

    internal SocketNamespaceFamily[] Families => Atomic.Read(ref _families);

    /// <summary>Sets what is done with a socket that has joined <c>/</c>; see <see cref="SocketNamespace.OnConnection(Func{Socket, ValueTask})"/>.</summary>
    public void OnConnection(Func<Socket, ValueTask> handler) => Target.OnConnection(handler);

    /// <summary>Sets what is done with a socket that has joined <c>/</c>.</summary>
    public void OnConnection(Action<Socket> handler) => Target.OnConnection(handler);

    /// <summary>Adds a check of those who want to join <c>/</c>; see <see cref="SocketNamespace.Use"/>.</summary>
    public void Use(Func<Socket, CancellationToken, ValueTask<ConnectRefusal?>> middleware) => Target.Use(middleware);

    /// <summary>
    /// The namespace <paramref name="name"/>, which begins with <c>/</c> and holds no comma. <c>/</c> always exists, any other from the first call on;
    /// clients that ask for one that does not are refused with <c>Invalid namespace</c>.
    /// </summary>
    public SocketNamespace Of(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (!name.StartsWith('/') || name.Contains(',', StringComparison.Ordinal))
        {
            throw new ArgumentException("A namespace's name begins with '/' and holds no comma.", nameof(name));
        }

        while (true)
        {
            SocketNamespace[] before = Atomic.Read(ref _namespaces);
            if (Array.Find(before, known => known.Name == name) is { } found)
            {
                return found;
            }

            Interlocked.CompareExchange(ref _namespaces, [.. before, new SocketNamespace(this, name)], before);
        }
    }

    /// <summary>
    /// The namespaces whose names match <paramref name="pattern"/>: each exists while it has sockets. Names over 255 bytes of UTF-8 match no family.
    /// A namespace of its own by <see cref="Of(string)"/> goes first; of several families the one that was made first.
    /// </summary>
    public SocketNamespaceFamily Of(Regex pattern)
    {
        ArgumentNullException.ThrowIfNull(pattern);
        return Of((name, _, _) => new ValueTask<bool>(pattern.IsMatch(name)));
    }

    /// <summary>
    /// The namespaces that <paramref name="accepts"/> lets come into being, for each client that asks; see <see cref="Of(Regex)"/>. The token is cancelled when
    /// the client is gone. An exception refuses with <c>internal error</c> and is logged.
    /// </summary>
    public SocketNamespaceFamily Of(Func<string, SocketHandshake, CancellationToken, ValueTask<bool>> accepts)
    {
        ArgumentNullException.ThrowIfNull(accepts);
        var family = new SocketNamespaceFamily(this, accepts);
        SocketNamespaceFamily[] before;
        do
        {
            before = Atomic.Read(ref _families);
        }
        while (Interlocked.CompareExchange(ref _families, [.. before, family], before) != before);

        return family;
    }

    /// <summary>
    /// Shuts down so that clients come back by themselves after a restart: new sessions get 503; WebSockets get what waits for them, for up to 2 s,
    /// then a close frame 1001; pending polls get 503. Returns when all requests have ended, after 3 s at most. Can be called more than once.
    /// </summary>
    public async ValueTask CloseAsync(CancellationToken cancellationToken = default) => await Engine.CloseAsync(cancellationToken);

    /// <summary>Stops the heartbeat, and leaves the other nodes.</summary>
    public async ValueTask DisposeAsync()
    {
        Engine.Dispose();
        if (Cluster is not null)
        {
            await Cluster.DisposeAsync();
        }
    }

    /// <summary>The namespace <paramref name="name"/>, if it is there.</summary>
    internal SocketNamespace? Find(string name)
    {
        foreach (SocketNamespace known in Namespaces)
        {
            if (known.Name == name)
            {
                return known;
            }
        }

        return Families.Select(family => family.Find(name)).FirstOrDefault(static found => found is not null);
    }

    internal Task HandleAsync(HttpContext context) => Engine.HandleAsync(context);

    internal void LogHandlerFault(Exception error, string handler, string namespaceName) => LogHandlerFaultCore(error, handler, namespaceName);

    internal void LogArgumentMismatch(string eventName, string namespaceName, string problem) => LogArgumentMismatchCore(eventName, namespaceName, problem);

    [LoggerMessage(EventId = 3, Level = LogLevel.Debug, Message = "Event {Event} of namespace {Namespace} was refused: {Problem}")]
    private partial void LogArgumentMismatchCore(string @event, string @namespace, string problem);

    [LoggerMessage(EventId = 2, Level = LogLevel.Error, Message = "The {Handler} handler of namespace {Namespace} failed")]
    private partial void LogHandlerFaultCore(Exception error, string handler, string @namespace);
}
