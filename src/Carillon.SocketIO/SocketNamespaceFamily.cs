using System.Collections.Concurrent;
using Carillon.SocketIO.Cluster;
using Carillon.SocketIO.Json;
using Carillon.SocketIO.Packets;
using Carillon.SocketIO.Rooms;

namespace Carillon.SocketIO;

/// <summary>
/// Namespaces that come into being when a client asks for one of them, and go when the last socket has left: those whose names a pattern or a predicate
/// accepts. They share their checks and their connection handler; rooms and sockets are each namespace's own. Events sent to a family go to all its
/// namespaces. Thread-safe.
/// </summary>
public sealed class SocketNamespaceFamily : SocketEmitter
{
    /// <summary>Sockets whose namespaces wait for them to come back; each may keep a namespace alive that nobody else is in.</summary>
    private const int MaxWaiting = 10_000;

    private readonly SocketIOServer _server;
    private readonly Func<string, SocketHandshake, CancellationToken, ValueTask<bool>> _accepts;
    private readonly Lock _gate = new(); // Guards coming and going of namespaces, and their holds.
    private readonly ConcurrentDictionary<string, SocketNamespace> _namespaces = new(StringComparer.Ordinal);
    private readonly Dictionary<SocketNamespace, int> _holds = new(ReferenceEqualityComparer.Instance);
    private int _waiting;

    internal SocketNamespaceFamily(SocketIOServer server, Func<string, SocketHandshake, CancellationToken, ValueTask<bool>> accepts)
    {
        _server = server;
        _accepts = accepts;
    }

    /// <summary>The namespaces that have sockets now.</summary>
    public IEnumerable<SocketNamespace> Namespaces => _namespaces.Select(static pair => pair.Value);

    internal NamespaceSetup Setup { get; } = new();

    internal override SocketJson Json => _server.ArgumentsJson;

    /// <summary>Sets what is done with a socket that has joined one of the namespaces; see <see cref="SocketNamespace.OnConnection(Func{Socket, ValueTask})"/>.</summary>
    public void OnConnection(Func<Socket, ValueTask> handler) => Setup.OnConnection(handler);

    /// <summary>Sets what is done with a socket that has joined one of the namespaces.</summary>
    public void OnConnection(Action<Socket> handler) => Setup.OnConnection(handler);

    /// <summary>Adds a check of those who want to join one of the namespaces; see <see cref="SocketNamespace.Use"/>.</summary>
    public void Use(Func<Socket, CancellationToken, ValueTask<ConnectRefusal?>> middleware) => Setup.Use(middleware);

    /// <summary>The namespace <paramref name="name"/>, if it has sockets now.</summary>
    public SocketNamespace? Find(string name) => _namespaces.GetValueOrDefault(name);

    internal ValueTask<bool> AcceptsAsync(string name, SocketHandshake handshake, CancellationToken cancellation) =>
        _accepts(name, handshake, cancellation);

    internal override ValueTask SendAsync(in Payload payload)
    {
        SendLocally(payload);
        return _server.Cluster is { } node
            ? node.PublishAsync(new ClusterMessage
            {
                Kind = ClusterMessageKind.Broadcast,
                NodeId = node.NodeId,
                Family = Array.IndexOf(_server.Families, this),
                Data = payload.Json.ToArray(),
                Attachments = payload.CopyAttachments(),
            })
            : ValueTask.CompletedTask;
    }

    internal void SendLocally(in Payload payload)
    {
        foreach (SocketNamespace target in Namespaces)
        {
            target.Broadcast(Audience.Everyone, default, payload);
        }
    }

    /// <summary>The namespace for one more socket, which gives it back by leaving.</summary>
    internal SocketNamespace Hold(string name)
    {
        lock (_gate)
        {
            SocketNamespace target = _namespaces.GetOrAdd(name, static (key, family) => new SocketNamespace(family._server, key, family), this);
            _holds[target] = _holds.GetValueOrDefault(target) + 1;
            return target;
        }
    }

    /// <summary>A socket has left. Where it <paramref name="mayComeBack"/>, its namespace waits for it, unless very many do.</summary>
    internal void Release(SocketNamespace target, bool mayComeBack)
    {
        if (mayComeBack && Interlocked.Increment(ref _waiting) <= MaxWaiting)
        {
            _ = ReleaseLaterAsync(target, _server.Options.ConnectionStateRecovery!.MaxDisconnectionDuration);
            return;
        }

        if (mayComeBack)
        {
            Interlocked.Decrement(ref _waiting);
        }

        ReleaseNow(target);
    }

    private async Task ReleaseLaterAsync(SocketNamespace target, TimeSpan delay)
    {
        await Task.Delay(delay, _server.Time);
        Interlocked.Decrement(ref _waiting);
        ReleaseNow(target);
    }

    private void ReleaseNow(SocketNamespace target)
    {
        lock (_gate)
        {
            if (--_holds[target] == 0)
            {
                _holds.Remove(target);
                _namespaces.TryRemove(target.Name, out _);
            }
        }
    }
}
