using System.Buffers;
using Carillon.Connections;
using Carillon.Connections.WebSockets;

namespace Carillon.SocketIO.EngineIO;

/// <summary>
/// One Engine.IO session: a client behind polls and posts, a WebSocket, or first one and then the other. The outbox stays the same through an upgrade.
/// Thread-safe.
/// </summary>
internal sealed partial class EngineSession : IOutboxOwner, IHeartbeatClient
{
    private readonly EngineServer _server;
    private readonly IEngineListener _listener;
    private readonly PollingTransport _polling = new();
    private readonly Lock _gate = new(); // Guards the state, the transports and posts; never held over I/O or a call to others.
    private volatile SessionState _state;
    private WebSocketConnection? _webSocket;
    private WebSocketConnection? _probe;

    public EngineSession(EngineServer server, HandshakeRequest request, WebSocketConnection? webSocket)
    {
        _server = server;
        Request = request;
        Id = SessionId.New();
        _webSocket = webSocket;
        Outbox = new Outbox(server.Options.Outbox, this, server.Heartbeat.Time);
        OpenedAt = server.Heartbeat.Time.GetTimestamp();
        _quietSince = OpenedAt;
        _listener = server.CreateListener(this);
    }

    public string Id { get; }

    public HandshakeRequest Request { get; }

    /// <summary>Timestamp of the handshake.</summary>
    public long OpenedAt { get; }

    public Outbox Outbox { get; }

    public SocketIOTransports Transport => Volatile.Read(ref _webSocket) is null ? SocketIOTransports.Polling : SocketIOTransports.WebSocket;

    /// <summary>Whether what is sent now goes out at once: nothing waits before it, and somebody takes it.</summary>
    public bool CanSendNow => Outbox.Count == 0 && (Volatile.Read(ref _webSocket) is { } webSocket ? !webSocket.IsBlocked : _polling.IsWaiting);

    public bool IsOpen => _state == SessionState.Open;

    /// <summary>Queues the open packet, begins to send and to tick, and tells the listener, which may close the session at once.</summary>
    public void Start()
    {
        bool canUpgrade = _webSocket is null && _server.Options.AllowUpgrades && _server.Options.Transports.HasFlag(SocketIOTransports.WebSocket);
        Outbox.TryEnqueue(OpenPacket.Encode(Id, canUpgrade, _server.Options));
        if (_webSocket is null)
        {
            Outbox.Attach(_polling);
        }
        else
        {
            _webSocket.Attach(Outbox);
        }

        _server.Heartbeat.Register(this); // Before the listener may close the session, which ends the ticks.
        _listener.OnOpened();
    }

    void IOutboxOwner.OnOutboxOverflow()
    {
        _server.Metrics.OnOverflow();
        CloseLater(new DisconnectReason(DisconnectCause.OutboxOverflow));
    }

    // One packet of the client that came as text. Anything unexpected closes the session.
    private ValueTask OnPacketAsync(ReadOnlyMemory<byte> packet)
    {
        if (packet.IsEmpty)
        {
            Close(new DisconnectReason(DisconnectCause.ParseError, "an empty packet"));
            return ValueTask.CompletedTask;
        }

        switch ((EnginePacketType)packet.Span[0])
        {
            case EnginePacketType.Message:
                return DeliverAsync(packet[1..], isBinary: false);
            case EnginePacketType.Base64:
                return OnBase64Async(packet);
            case EnginePacketType.Pong:
                OnPong();
                break;
            case EnginePacketType.Close:
                Close(new DisconnectReason(DisconnectCause.TransportClose));
                break;
            case EnginePacketType.Noop:
                break;
            default:
                Close(new DisconnectReason(DisconnectCause.ParseError, "an unexpected Engine.IO packet"));
                break;
        }

        return ValueTask.CompletedTask;
    }

    // Binary data where only text can go: in a payload, or from a client that was told to send text only.
    private async ValueTask OnBase64Async(ReadOnlyMemory<byte> packet)
    {
        byte[] decoded = ArrayPool<byte>.Shared.Rent(packet.Length);
        try
        {
            if (PollingPayload.TryDecodeBinary(packet.Span, decoded, out int length))
            {
                await DeliverAsync(decoded.AsMemory(0, length), isBinary: true);
            }
            else
            {
                Close(new DisconnectReason(DisconnectCause.ParseError, "a malformed binary packet"));
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(decoded);
        }
    }

    private ValueTask DeliverAsync(ReadOnlyMemory<byte> data, bool isBinary)
    {
        OnSignOfLife();
        ValueTask delivered = _listener.OnMessageAsync(data, isBinary);
        return delivered.IsCompletedSuccessfully ? delivered : PauseAsync(delivered);
    }

    // While the listener wants no more, neither pongs nor a close are read: the silence is ours, not the client's. The heartbeat bounds how long.
    private async ValueTask PauseAsync(ValueTask delivered)
    {
        Volatile.Write(ref _pausedSince, Math.Max(1, _server.Heartbeat.Time.GetTimestamp()));
        try
        {
            await delivered;
        }
        finally
        {
            OnPong();
            Volatile.Write(ref _pausedSince, 0);
        }
    }
}
