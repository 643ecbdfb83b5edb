using System.Text.RegularExpressions;
using Carillon.SocketIO.Cluster;
using Carillon.SocketIO.Json;
using Carillon.SocketIO.Packets;
using Carillon.SocketIO.Rooms;

namespace Carillon.SocketIO;

/// <summary>
/// Namespaces that come into being when a client asks for one of them, and go when the last socket has left, unless the application asked for them by name: those whose
/// names a pattern or a predicate accepts. They share their checks and their connection handler; rooms and sockets are each namespace's own. Events sent to a family go to all its
/// namespaces. Thread-safe.
/// </summary>
public sealed class SocketNamespaceFamily : SocketEmitter
{
    private readonly SocketIOServer _server;
    private readonly Func<string, SocketHandshake, CancellationToken, ValueTask<bool>> _accepts;
    private readonly Regex? _pattern;

    internal SocketNamespaceFamily(SocketIOServer server, Func<string, SocketHandshake, CancellationToken, ValueTask<bool>> accepts, Regex? pattern)
    {
        _server = server;
        _accepts = accepts;
        _pattern = pattern;
        Members = new FamilyMembers(server, this);
    }

    /// <summary>The namespaces that have sockets now, or wait for some to come back, or were asked for by name.</summary>
    public IEnumerable<SocketNamespace> Namespaces => Members.All;

    internal NamespaceSetup Setup { get; } = new();

    internal FamilyMembers Members { get; }

    internal override SocketJson Json => _server.ArgumentsJson;

    /// <summary>Sets what is done with a socket that has joined one of the namespaces; see <see cref="SocketNamespace.OnConnection(Func{Socket, ValueTask})"/>.</summary>
    public void OnConnection(Func<Socket, ValueTask> handler) => Setup.OnConnection(handler);

    /// <summary>Sets what is done with a socket that has joined one of the namespaces.</summary>
    public void OnConnection(Action<Socket> handler) => Setup.OnConnection(handler);

    /// <summary>Adds a check of those who want to join one of the namespaces; see <see cref="SocketNamespace.Use"/>.</summary>
    public void Use(Func<Socket, CancellationToken, ValueTask<ConnectRefusal?>> middleware) => Setup.Use(middleware);

    /// <summary>The namespace <paramref name="name"/>, if it is one of <see cref="Namespaces"/>.</summary>
    public SocketNamespace? Find(string name) => Members.Find(name);

    /// <summary>Whether a namespace of that name is the family's whoever asks for it.</summary>
    internal bool Matches(string name) => _pattern is not null && SocketIOClient.IsFamilyName(name) && _pattern.IsMatch(name);

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
}
