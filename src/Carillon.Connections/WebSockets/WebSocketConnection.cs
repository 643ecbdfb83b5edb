namespace Carillon.Connections.WebSockets;

/// <summary>
/// One WebSocket of a client. It drains the outbox attached to it, and every byte it sends, pongs and the close frame included, goes through one writer.
/// An idle connection holds no buffer and no task but the one pending receive. All members but <see cref="RunAsync"/> are thread-safe.
/// </summary>
public sealed partial class WebSocketConnection : IOutboxTransport, IHeartbeatClient
{
    private static readonly Frame PingFrame = new([0x89, 0], headerLength: 2, isBinary: true, isCompressible: false); // RFC 6455 §5.5.2, without data.
    private readonly WebSocketLink _link;
    private readonly WebSocketConnectionOptions _options;
    private readonly Heartbeat _heartbeat;
    private readonly IConnectionObserver? _observer;
    private readonly Lock _gate = new(); // Guards what waits to be sent and the closing state; never held over I/O.
    private Outbox? _outbox;
    private List<Frame>? _own;
    private byte[]? _pong;
    private byte[]? _close;
    private bool _closeAtOnce;
    private bool _aborted;
    private volatile bool _cutOff;
    private bool _ended;
    private long _closeDeadline;
    private IWebSocketReceiver? _receiver;

    internal WebSocketConnection(WebSocketLink link, WebSocketConnectionOptions options, Heartbeat heartbeat, IConnectionObserver? observer)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(heartbeat);
        options.Validate();
        _link = link;
        _options = options;
        _heartbeat = heartbeat;
        _observer = observer;
    }

    /// <summary>Whether a write waits for the network: what is sent now would wait behind it.</summary>
    public bool IsBlocked => Volatile.Read(ref _blockedSince) != 0;

    /// <summary>Whether nothing is sent any more: after the close frame, or because the link is broken. Who does not read at the time learns of it only here.</summary>
    public bool IsOutputEnded => _outputEnded || _link.IsLost;

    /// <summary>Whether it was broken here because the network took nothing of a write for <see cref="WebSocketConnectionOptions.WriteTimeout"/>.</summary>
    public bool IsCutOff => _cutOff;

    /// <summary>Makes this connection the one that drains <paramref name="outbox"/>, after the frames given to <see cref="Send"/>.</summary>
    public void Attach(Outbox outbox)
    {
        ArgumentNullException.ThrowIfNull(outbox);
        lock (_gate)
        {
            _outbox = outbox;
        }

        outbox.Attach(this);
    }

    /// <summary>
    /// Sends a frame of the connection itself, ahead of the outbox: for the few a protocol exchanges before a session is attached. False once it is closing.
    /// </summary>
    public bool Send(Frame frame)
    {
        lock (_gate)
        {
            if (_close is not null)
            {
                return false;
            }

            (_own ??= []).Add(frame);
        }

        Wake();
        return true;
    }

    /// <summary>
    /// Sends a ping, ahead of the outbox; the peer's answer is told by <see cref="IWebSocketReceiver.OnPong"/>. For protocols without a heartbeat of their own.
    /// False once it is closing.
    /// </summary>
    public bool Ping() => Send(PingFrame);

    /// <summary>
    /// Begins the close handshake: sends what waits in the outbox (unless <paramref name="atOnce"/>), then a close frame, and waits for the peer's, all within
    /// <see cref="WebSocketConnectionOptions.CloseTimeout"/>. The first call decides. <paramref name="reason"/> is shown to the peer.
    /// </summary>
    public void Close(WebSocketCloseCode code, string reason, bool atOnce = false)
    {
        ArgumentNullException.ThrowIfNull(reason);
        lock (_gate)
        {
            if (_close is not null || _ended)
            {
                return;
            }

            _close = WebSocketCloseFrame.Encode(code, reason);
            _closeAtOnce = atOnce;
            _closeDeadline = _heartbeat.Time.GetTimestamp() + _heartbeat.ToTimestamp(_options.CloseTimeout);
            _heartbeat.Register(this);
        }

        Wake();
    }

    /// <summary>Breaks the connection without a close frame.</summary>
    public void Abort()
    {
        Volatile.Write(ref _aborted, true);
        _link.Abort();
    }

    void IHeartbeatClient.OnHeartbeat(long now)
    {
        long blockedSince = Volatile.Read(ref _blockedSince);
        bool writeIsLate = blockedSince != 0 && now - blockedSince > _heartbeat.ToTimestamp(_options.WriteTimeout);
        long closeDeadline = Volatile.Read(ref _closeDeadline);
        _cutOff |= writeIsLate;
        if (writeIsLate || (closeDeadline != 0 && now > closeDeadline))
        {
            Abort();
        }
    }
}
