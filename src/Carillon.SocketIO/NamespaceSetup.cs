namespace Carillon.SocketIO;

/// <summary>
/// What the application does with those who join a namespace, or any of a family of namespaces. A namespace of a family adds to its family's checks, and may have a
/// connection handler instead of the family's. Thread-safe.
/// </summary>
internal sealed class NamespaceSetup(NamespaceSetup? family = null)
{
    private Func<Socket, CancellationToken, ValueTask<ConnectRefusal?>>[] _middleware = [];
    private Func<Socket, ValueTask>? _connectionHandler;

    public Func<Socket, ValueTask>? ConnectionHandler => Volatile.Read(ref _connectionHandler) ?? family?.ConnectionHandler;

    /// <summary>The checks, in order, the family's first; never changed, only replaced.</summary>
    public Func<Socket, CancellationToken, ValueTask<ConnectRefusal?>>[] Middleware
    {
        get
        {
            Func<Socket, CancellationToken, ValueTask<ConnectRefusal?>>[] own = Volatile.Read(ref _middleware);
            return family is null ? own : own.Length == 0 ? family.Middleware : [.. family.Middleware, .. own];
        }
    }

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
