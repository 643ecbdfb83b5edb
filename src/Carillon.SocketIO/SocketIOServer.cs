using System.Diagnostics.Metrics;
using Carillon.SocketIO.EngineIO;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Carillon.SocketIO;

/// <summary>A Socket.IO server on one route: its namespaces and its clients. Thread-safe.</summary>
public sealed partial class SocketIOServer : IDisposable
{
    private readonly ILogger _logger;
    private SocketNamespace[] _namespaces = [new SocketNamespace("/")];

    internal SocketIOServer(SocketIOOptions options, TimeProvider time, ILogger logger, IMeterFactory? meters)
    {
        Options = options;
        Time = time;
        _logger = logger;
        Engine = new EngineServer(options, time, new SocketIOMetrics(meters), logger, session => new SocketIOClient(this, session));
    }

    /// <summary>The settings it runs with.</summary>
    public SocketIOOptions Options { get; }

    /// <summary>How many clients have an open session.</summary>
    public int ConnectionCount => Engine.SessionCount;

    internal TimeProvider Time { get; }

    internal EngineServer Engine { get; }

    internal ReadOnlySpan<SocketNamespace> Namespaces => Volatile.Read(ref _namespaces);

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
            SocketNamespace[] before = Volatile.Read(ref _namespaces);
            if (Array.Find(before, known => known.Name == name) is { } found)
            {
                return found;
            }

            Interlocked.CompareExchange(ref _namespaces, [.. before, new SocketNamespace(name)], before);
        }
    }

    /// <summary>
    /// Shuts down so that clients come back by themselves after a restart: new sessions get 503; WebSockets get what waits for them, for up to 2 s,
    /// then a close frame 1001; pending polls get 503. Returns when all requests have ended, after 3 s at most. Can be called more than once.
    /// </summary>
    public async ValueTask CloseAsync(CancellationToken cancellationToken = default) => await Engine.CloseAsync(cancellationToken);

    /// <summary>Stops the heartbeat.</summary>
    public void Dispose() => Engine.Dispose();

    internal Task HandleAsync(HttpContext context) => Engine.HandleAsync(context);

    internal void LogHandlerFault(Exception error, string handler, string namespaceName) => LogHandlerFaultCore(error, handler, namespaceName);

    [LoggerMessage(EventId = 2, Level = LogLevel.Error, Message = "The {Handler} handler of namespace {Namespace} failed")]
    private partial void LogHandlerFaultCore(Exception error, string handler, string @namespace);
}
