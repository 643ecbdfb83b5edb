using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Carillon.SocketIO.EngineIO;

/// <summary>A bare Engine.IO server on one route. Thread-safe.</summary>
public sealed partial class EngineIOServer : IDisposable
{
    private readonly EngineServer _engine;
    private readonly ILogger _logger;
    private Func<EngineSocket, ValueTask>? _connectionHandler;

    internal EngineIOServer(EngineIOOptions options, TimeProvider time, ILogger logger, IMeterFactory? meters)
    {
        _logger = logger;
        _engine = new EngineServer(options, time, new SocketIOMetrics(meters), logger, session => new EngineSocket(this, session));
    }

    /// <summary>The settings it runs with; not to be changed.</summary>
    public EngineIOOptions Options => _engine.Options;

    /// <summary>How many clients have an open session.</summary>
    public int ConnectionCount => _engine.SessionCount;

    internal Func<EngineSocket, ValueTask>? ConnectionHandler => Volatile.Read(ref _connectionHandler);

    /// <summary>
    /// Sets what is done with a client that has connected: register its handlers there. Its messages wait until the task completes.
    /// A later call replaces it. An exception is logged and closes that client.
    /// </summary>
    public void OnConnection(Func<EngineSocket, ValueTask> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        Volatile.Write(ref _connectionHandler, handler);
    }

    /// <summary>Sets what is done with a client that has connected; see <see cref="OnConnection(Func{EngineSocket, ValueTask})"/>.</summary>
    public void OnConnection(Action<EngineSocket> handler) => OnConnection(SynchronousHandler.Adapt(handler));

    /// <summary>
    /// Shuts down so that clients can come back after a restart: new sessions get 503; WebSockets get what waits for them, for up to 2 s,
    /// then a close frame 1001; pending polls get 503. Returns when all requests have ended, after 3 s at most. Can be called more than once.
    /// </summary>
    public async ValueTask CloseAsync(CancellationToken cancellationToken = default) => await _engine.CloseAsync(cancellationToken);

    /// <summary>Stops the heartbeat.</summary>
    public void Dispose() => _engine.Dispose();

    internal Task HandleAsync(HttpContext context) => _engine.HandleAsync(context);

    internal void LogHandlerFault(Exception error, string handler) => LogHandlerFaultCore(error, handler);

    [LoggerMessage(EventId = 3, Level = LogLevel.Error, Message = "The {Handler} handler of an Engine.IO client failed")]
    private partial void LogHandlerFaultCore(Exception error, string handler);
}
