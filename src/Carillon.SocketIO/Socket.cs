using System.Collections.Concurrent;
using System.Security.Claims;
using Carillon.Connections;
using Carillon.SocketIO.EngineIO;
using Carillon.SocketIO.Json;
using Carillon.SocketIO.Packets;
using Carillon.SocketIO.Recovery;
using Atomic = System.Threading.Volatile;

namespace Carillon.SocketIO;

/// <summary>
/// One client in one namespace. Its handlers run one after another, in the order in which packets came; sending never blocks. Thread-safe.
/// </summary>
public sealed partial class Socket : SocketEmitter
{
    private readonly SocketIOClient _client;
    private ConcurrentDictionary<string, object?>? _data;
    private volatile SocketState _state;
    private SocketHandshake? _successor; // Set under _gate.

    internal Socket(SocketIOClient client, SocketNamespace target, SocketHandshake handshake)
    {
        _client = client;
        Namespace = target;
        Handshake = handshake;
        Id = SessionId.New();
        ConnectedAt = client.Server.Time.GetUtcNow();
    }

    /// <summary>The socket's id: random, another in each namespace. It is also the name of a room that only this socket is in.</summary>
    public string Id { get; private set; }

    /// <summary>Whether it took up where it had lost its connection: same id, rooms and data, and the events it missed.</summary>
    public bool Recovered { get; private set; }

    /// <summary>The namespace it joined.</summary>
    public SocketNamespace Namespace { get; }

    /// <summary>What the client brought.</summary>
    public SocketHandshake Handshake { get; }

    /// <summary>Who the application's authentication says the client is, from the request that opened its session.</summary>
    public ClaimsPrincipal User => Handshake.User;

    /// <summary>Values of the application's own, kept with the socket. Middleware may set some before the socket has joined.</summary>
    public IDictionary<string, object?> Data
    {
        get
        {
            if (Atomic.Read(ref _data) is { } data)
            {
                return data;
            }

            Interlocked.CompareExchange(ref _data, new ConcurrentDictionary<string, object?>(StringComparer.Ordinal), null);
            return _data;
        }
    }

    /// <summary>How the client is connected now: <c>polling</c> or <c>websocket</c>.</summary>
    public string Transport => _client.Session.Transport == SocketIOTransports.WebSocket ? "websocket" : "polling";

    /// <summary>When it joined.</summary>
    public DateTimeOffset ConnectedAt { get; }

    /// <summary>Whether it is in its namespace.</summary>
    public bool IsConnected => _state == SocketState.Connected;

    /// <summary>How many frames wait to be sent to this client, in all its namespaces.</summary>
    public int QueuedFrames => _client.Session.Outbox.Count;

    /// <summary>Cancelled when the client's connection has ended.</summary>
    public CancellationToken ConnectionClosed => _client.GoneToken();

    internal override SocketJson Json => _client.Server.ArgumentsJson;

    /// <summary>The secret by which its client comes back; null without recovery. This and the next four are guarded by the namespace's recovery.</summary>
    internal string? PrivateId { get; set; }

    /// <summary>By what its client's next connection waits for it to leave; null without recovery.</summary>
    internal ConnectedSocket? Connected { get; set; }

    /// <summary>The namespace's last offset when it joined.</summary>
    internal long JoinedAt { get; set; }

    /// <summary>Offset of the last event that was sent to it and kept, so no volatile one; or <see cref="JoinedAt"/>.</summary>
    internal long LastSent { get; set; }

    /// <summary>Offset of the first event that could not be sent to it any more; nothing with a later one is. <see cref="long.MaxValue"/> if there is none.</summary>
    internal long FirstMissed { get; set; } = long.MaxValue;

    internal SocketIOClient Client => _client;

    internal SocketState State => _state;

    /// <summary>What its client asked with again before it had joined: it never joins then, and another socket takes its place when its checks have ended.</summary>
    internal SocketHandshake? Successor => Atomic.Read(ref _successor);

    /// <summary>Whether it has left and all that is to be sent for it is queued.</summary>
    internal bool HasLeft
    {
        get
        {
            lock (_gate)
            {
                return _state == SocketState.Disconnected;
            }
        }
    }

    /// <summary>
    /// Makes the socket leave its namespace; the client's connection and its other namespaces stay. Stock clients do not come back by themselves.
    /// <paramref name="reason"/> goes to the disconnect handler; the protocol has no place for it on the wire.
    /// </summary>
    public void Disconnect(string? reason = null)
    {
        if (IsConnected)
        {
            TryLeave(SocketState.Connected, new DisconnectReason(DisconnectCause.ServerNamespaceDisconnect, reason), PacketWriter.Disconnected(Namespace));
        }
    }

    /// <summary>
    /// With <paramref name="close"/>, makes the client's sockets leave all their namespaces and closes its connection, so that stock clients know that it was meant and
    /// do not come back by themselves; else the same as <see cref="Disconnect(string?)"/>.
    /// </summary>
    public void Disconnect(bool close)
    {
        if (!close)
        {
            Disconnect();
            return;
        }

        foreach (Socket socket in _client.Sockets)
        {
            socket.Disconnect();
        }

        CloseConnection();
    }

    /// <summary>
    /// Closes the client's whole connection, with all its namespaces, after what waits was sent. Stock clients come back by themselves.
    /// <paramref name="reason"/> is a text of the server's own: it is shown to WebSocket clients and logged.
    /// </summary>
    public void CloseConnection(string? reason = null) => _client.Session.Close(new DisconnectReason(DisconnectCause.ForcedClose, reason));

    /// <summary>Gives way to a later CONNECT. False if it has joined or left.</summary>
    internal bool TrySupersede(SocketHandshake later)
    {
        lock (_gate)
        {
            if (_state != SocketState.Connecting)
            {
                return false;
            }

            _successor = later.Order > (_successor?.Order ?? 0) ? later : _successor;
            return true;
        }
    }

    /// <summary>Becomes, before it joins, what a socket was that had lost its connection.</summary>
    internal void TakeUp(RecoverableSession session)
    {
        Id = session.SocketId;
        Recovered = true;
        foreach ((string key, object? value) in session.Data)
        {
            _ = Data.TryAdd(key, value); // What a check has just set counts more: it may be who the client is now.
        }

        foreach (string room in session.Rooms)
        {
            Join(room);
        }
    }

    /// <summary>The client left, or its session has ended.</summary>
    internal void OnLeft(DisconnectReason reason) => TryLeave(null, reason);

    /// <summary>
    /// Leaves from the state <paramref name="from"/>, or from any; false if the socket is in another, or has left. The client is told by
    /// <paramref name="farewell"/> before it can join again, and before any handler runs.
    /// </summary>
    internal bool TryLeave(SocketState? from, DisconnectReason reason, Frame? farewell = null)
    {
        long leftAt = Namespace.Recovery?.BeginLeave() ?? 0;
        SocketState before;
        lock (_gate)
        {
            before = _state;
            if (before == SocketState.Disconnected || (from is not null && before != from))
            {
                return false;
            }

            _state = SocketState.Disconnected;
            LeaveRoomsNeedsLock();
            if (farewell is not null)
            {
                _client.Session.Outbox.TryEnqueue(farewell);
            }
        }

        if (before == SocketState.Connected)
        {
            FailAcknowledgements(reason);
            PostDisconnect(reason);
        }

        Namespace.OnLeft(this, reason, leftAt);
        return true;
    }
}
