using System.Text;
using Carillon.Connections;
using Carillon.SocketIO.Packets;
using Carillon.SocketIO.Recovery;
using Carillon.SocketIO.Rooms;

namespace Carillon.SocketIO;

/// <summary>One namespace: who may join, what happens then, and the sockets in it. Thread-safe.</summary>
public sealed partial class SocketNamespace : BroadcastEmitter
{
    private readonly NamespaceSetup _setup;
    private long _lastAcknowledgementId;
    private bool _isNamed;

    internal SocketNamespace(SocketIOServer server, string name, SocketNamespaceFamily? family = null)
    {
        Server = server;
        Name = name;
        Family = family;
        _setup = new NamespaceSetup(family?.Setup);
        Utf8Name = Encoding.UTF8.GetBytes(name);
        Prefix = SocketIOFrame.PrefixOf(name);
        Recovery = server.Options.ConnectionStateRecovery is { } recovery ? new NamespaceRecovery(this, recovery, server.RecoveryMemory!) : null;
    }

    /// <summary>The server it belongs to.</summary>
    public SocketIOServer Server { get; }

    /// <summary>The name, <c>/</c> for the main namespace.</summary>
    public string Name { get; }

    /// <summary>How many sockets of this node are in it.</summary>
    public int SocketCount => Index.SocketCount;

    /// <summary>This node's sockets in it; those that come and go meanwhile may or may not be seen.</summary>
    public IEnumerable<Socket> Sockets => Index.Sockets;

    /// <summary>The rooms that this node's sockets are in, besides the one that each socket has of its own.</summary>
    public IEnumerable<string> Rooms => Index.RoomNames;

    internal SocketNamespaceFamily? Family { get; }

    /// <summary>Whether the application asked for this namespace of a family by name, so that it stays. Set once, under the server's lock for names.</summary>
    internal bool IsNamed
    {
        get => System.Threading.Volatile.Read(ref _isNamed);
        set => System.Threading.Volatile.Write(ref _isNamed, value);
    }

    /// <summary>Null where clients are not recovered.</summary>
    internal NamespaceRecovery? Recovery { get; }

    internal RoomIndex Index { get; } = new();

    internal byte[] Utf8Name { get; }

    internal byte[] Prefix { get; }

    internal NamespaceSetup Setup => _setup;

    internal override SocketNamespace Target => this;

    internal override Audience Audience => Audience.Everyone;

    internal override EmitFlags Flags => default;

    /// <summary>
    /// Sets what is done with a socket that has joined: register its handlers there. Packets of the socket wait until the task completes.
    /// A later call replaces it. In a namespace of a family it takes the place of the family's handler, for as long as the namespace exists.
    /// </summary>
    public void OnConnection(Func<Socket, ValueTask> handler) => _setup.OnConnection(handler);

    /// <summary>Sets what is done with a socket that has joined; see <see cref="OnConnection(Func{Socket, ValueTask})"/>.</summary>
    public void OnConnection(Action<Socket> handler) => _setup.OnConnection(handler);

    /// <summary>
    /// Adds a check of those who want to join, run in the order of the calls: null lets pass. The socket has not joined yet; its handshake tells who asks,
    /// its data and rooms may be set already. The token is cancelled when the client is gone. A <see cref="SocketArgumentException"/>, such as that of
    /// <see cref="SocketHandshake.GetAuth{T}"/>, refuses with its message; any other exception refuses with <c>internal error</c> and is logged.
    /// In a namespace of a family it runs after the family's checks, for as long as the namespace exists.
    /// </summary>
    public void Use(Func<Socket, CancellationToken, ValueTask<ConnectRefusal?>> middleware) => _setup.Use(middleware);

    internal long NextAcknowledgementId() => Interlocked.Increment(ref _lastAcknowledgementId);

    internal void Broadcast(in Audience audience, EmitFlags flags, in Payload payload)
    {
        if (Recovery is not null)
        {
            Recovery.Send(audience, flags, payload);
            return;
        }

        Frame[] frames = PacketWriter.Event(Prefix, payload, PacketHeader.NoId, default, !flags.IsUncompressed);
        var visitor = new SendVisitor(frames, flags.IsVolatile);
        Index.Visit(audience, ref visitor);
    }

    /// <summary>A socket that was to join, or had joined, will never be heard of again.</summary>
    internal void OnLeft(Socket socket, DisconnectReason reason, long leftAt)
    {
        bool mayComeBack = Recovery?.OnLeft(socket, reason, leftAt) ?? false;
        if (Family is not null)
        {
            Server.Release(this, Family, mayComeBack);
        }
    }

    /// <summary>Nobody will join it any more.</summary>
    internal Task EndAsync() => Recovery?.EndAsync() ?? Task.CompletedTask;
}
