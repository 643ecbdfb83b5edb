using Carillon.Connections;
using Carillon.SocketIO.EngineIO;
using Carillon.SocketIO.Packets;

namespace Carillon.SocketIO;

/// <summary>
/// One client in one namespace. Its handlers run one after another, in the order in which packets came; sending never blocks. Thread-safe.
/// </summary>
public sealed partial class Socket
{
    private readonly SocketIOClient _client;
    private (EventName Name, Func<SocketEvent, ValueTask> Handler)[] _handlers = [];
    private Func<DisconnectReason, ValueTask>? _disconnectHandler;
    private volatile SocketState _state;

    internal Socket(SocketIOClient client, SocketNamespace target, SocketHandshake handshake)
    {
        _client = client;
        Namespace = target;
        Handshake = handshake;
        Id = SessionId.New();
        ConnectedAt = client.Server.Time.GetUtcNow();
    }

    /// <summary>The socket's id: random, known to this client only, another in each namespace.</summary>
    public string Id { get; }

    /// <summary>The namespace it joined.</summary>
    public SocketNamespace Namespace { get; }

    /// <summary>What the client brought.</summary>
    public SocketHandshake Handshake { get; }

    /// <summary>How the client is connected now: <c>polling</c> or <c>websocket</c>.</summary>
    public string Transport => _client.Session.Transport == SocketIOTransports.WebSocket ? "websocket" : "polling";

    /// <summary>When it joined.</summary>
    public DateTimeOffset ConnectedAt { get; }

    /// <summary>Whether it is in its namespace.</summary>
    public bool IsConnected => State == SocketState.Connected;

    /// <summary>How many frames wait to be sent to this client, in all its namespaces.</summary>
    public int QueuedFrames => _client.Session.Outbox.Count;

    internal SocketState State => _state;

    /// <summary>Sets what is done with events of this name; others are ignored. A later call with the same name replaces it. Exceptions are logged.</summary>
    public void On(string eventName, Func<SocketEvent, ValueTask> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        EventName name = EventName.Of(eventName);
        lock (_gate)
        {
            _handlers = [.. _handlers.Where(pair => pair.Name != name), (name, handler)];
        }
    }

    /// <summary>
    /// Sets what is done when the socket has left: once, after every packet that came before, and after the connection handler. A later call replaces it.
    /// </summary>
    public void OnDisconnect(Func<DisconnectReason, ValueTask> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        Volatile.Write(ref _disconnectHandler, handler);
    }

    /// <summary>
    /// Queues a frame made for this socket's namespace. False if the socket has left or its outbox is full; a full outbox closes the client's session.
    /// </summary>
    public bool TrySend(Frame frame) => IsConnected && _client.Session.Outbox.TryEnqueue(frame);

    /// <summary>Queues all frames, with nothing between them, or none; see <see cref="TrySend(Frame)"/>.</summary>
    public bool TrySend(ReadOnlySpan<Frame> frames) => IsConnected && _client.Session.Outbox.TryEnqueue(frames);

    /// <summary>Sends an event to this socket alone; <paramref name="argumentsJson"/> holds comma-separated JSON values in UTF-8, or nothing.</summary>
    public bool Emit(string eventName, ReadOnlySpan<byte> argumentsJson) =>
        TrySend(PacketWriter.Event(Namespace.Prefix, System.Text.Json.JsonEncodedText.Encode(eventName, SocketIOFrame.Encoder), argumentsJson));

    /// <summary>
    /// Makes the socket leave its namespace; the client's connection and its other namespaces stay. Stock clients do not come back by themselves.
    /// <paramref name="reason"/> goes to the disconnect handler; the protocol has no place for it on the wire.
    /// </summary>
    public void Disconnect(string? reason = null)
    {
        if (TryLeave(SocketState.Connected))
        {
            _client.Session.Outbox.TryEnqueue(PacketWriter.Disconnected(Namespace));
            PostDisconnect(new DisconnectReason(DisconnectCause.ServerNamespaceDisconnect, reason));
        }
    }

    /// <summary>
    /// Closes the client's whole connection, with all its namespaces, after what waits was sent. Stock clients come back by themselves.
    /// <paramref name="reason"/> is a text of the server's own: it is shown to WebSocket clients and logged.
    /// </summary>
    public void CloseConnection(string? reason = null) => _client.Session.Close(new DisconnectReason(DisconnectCause.ForcedClose, reason));

    /// <summary>The client left, or its session has ended.</summary>
    internal void OnLeft(DisconnectReason reason)
    {
        if (TryLeave(SocketState.Connected))
        {
            PostDisconnect(reason);
        }
        else
        {
            TryLeave(SocketState.Connecting);
        }
    }

    internal bool TryLeave(SocketState from)
    {
        lock (_gate)
        {
            if (_state != from)
            {
                return false;
            }

            _state = SocketState.Disconnected;
        }

        Namespace.Remove(this);
        return true;
    }
}
