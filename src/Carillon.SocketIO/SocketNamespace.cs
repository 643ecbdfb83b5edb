using System.Collections.Concurrent;
using System.Text;

namespace Carillon.SocketIO;

/// <summary>One namespace: who may join, what happens then, and the sockets in it. Thread-safe.</summary>
public sealed class SocketNamespace
{
    private readonly ConcurrentDictionary<string, Socket> _sockets = new(StringComparer.Ordinal);
    private Func<SocketHandshake, CancellationToken, ValueTask<ConnectRefusal?>>[] _middleware = [];
    private Func<Socket, ValueTask>? _connectionHandler;

    internal SocketNamespace(string name)
    {
        Name = name;
        Utf8Name = Encoding.UTF8.GetBytes(name);
        Prefix = SocketIOFrame.PrefixOf(name);
    }

    /// <summary>The name, <c>/</c> for the main namespace.</summary>
    public string Name { get; }

    /// <summary>How many sockets are in it.</summary>
    public int SocketCount => _sockets.Count;

    /// <summary>The sockets in it; those that come and go meanwhile may or may not be seen.</summary>
    public IEnumerable<Socket> Sockets => _sockets.Select(static pair => pair.Value);

    internal byte[] Utf8Name { get; }

    internal byte[] Prefix { get; }

    internal Func<Socket, ValueTask>? ConnectionHandler => Volatile.Read(ref _connectionHandler);

    internal ReadOnlySpan<Func<SocketHandshake, CancellationToken, ValueTask<ConnectRefusal?>>> Middleware => Volatile.Read(ref _middleware);

    /// <summary>
    /// Sets what is done with a socket that has joined: register its handlers there. Packets of the socket wait until the task completes.
    /// A later call replaces it.
    /// </summary>
    public void OnConnection(Func<Socket, ValueTask> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        Volatile.Write(ref _connectionHandler, handler);
    }

    /// <summary>
    /// Adds a check of those who want to join, run in the order of the calls: null lets pass. The token is cancelled when the client is gone.
    /// An exception refuses with <c>internal error</c> and is logged.
    /// </summary>
    public void Use(Func<SocketHandshake, CancellationToken, ValueTask<ConnectRefusal?>> middleware)
    {
        ArgumentNullException.ThrowIfNull(middleware);
        Func<SocketHandshake, CancellationToken, ValueTask<ConnectRefusal?>>[] before, after;
        do
        {
            before = Volatile.Read(ref _middleware);
            after = [.. before, middleware];
        }
        while (Interlocked.CompareExchange(ref _middleware, after, before) != before);
    }

    internal void Add(Socket socket) => _sockets[socket.Id] = socket;

    internal void Remove(Socket socket) => _sockets.TryRemove(socket.Id, out _);
}
