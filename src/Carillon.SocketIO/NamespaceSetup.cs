namespace Carillon.SocketIO;

/// <summary>What the application does with those who join a namespace, or any of a family of namespaces. Thread-safe.</summary>
internal sealed class NamespaceSetup
{
    private Func<Socket, CancellationToken, ValueTask<ConnectRefusal?>>[] _middleware = [];
    private Func<Socket, ValueTask>? _connectionHandler;

    public Func<Socket, ValueTask>? ConnectionHandler => Volatile.Read(ref _connectionHandler);

    /// <summary>The checks, in order; never changed, only replaced.</summary>
    public Func<Socket, CancellationToken, ValueTask<ConnectRefusal?>>[] Middleware => Volatile.Read(ref _middleware);

    public void OnConnection(Func<Socket, ValueTask> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        Volatile.Write(ref _connectionHandler, handler);
    }

    public void OnConnection(Action<Socket> handler) => OnConnection(SynchronousHandler.Adapt(handler));

    public void Use(Func<Socket, CancellationToken, ValueTask<ConnectRefusal?>> middleware)
    {
        ArgumentNullException.ThrowIfNull(middleware);
        Func<Socket, CancellationToken, ValueTask<ConnectRefusal?>>[] before, after;
        do
        {
            before = Volatile.Read(ref _middleware);
            after = [.. before, middleware];
        }
        while (Interlocked.CompareExchange(ref _middleware, after, before) != before);
    }
}
