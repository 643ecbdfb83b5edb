using Carillon.Connections;
using Carillon.Connections.WebSockets;

namespace Carillon.SocketIO.EngineIO;

internal sealed partial class EngineSession
{
    private long _quietSince;       // When the last pong came, or the open ping was sent.
    private long _probeSince;
    private volatile bool _awaitingPong;
    private long _pausedSince;      // Since when the client is not read from and none of its handlers began, or 0.
    private bool _timeoutExtended;

    // engine.io-protocol v4, "Heartbeat": the server pings. A deadline counts as reached when the next tick would be too late.
    void IHeartbeatClient.OnHeartbeat(long now)
    {
        Heartbeat heartbeat = _server.Heartbeat;
        long next = now + heartbeat.ToTimestamp(heartbeat.Interval);
        long quiet = next - Volatile.Read(ref _quietSince);
        if (_state != SessionState.Open)
        {
            if (quiet > heartbeat.ToTimestamp(_server.Options.PingTimeout))
            {
                Forget(); // The client never fetched what waited.
            }

            return;
        }

        if (Outbox.IsBurstOver)
        {
            ((IOutboxOwner)this).OnOutboxOverflow();
            return;
        }

        long pausedSince = Volatile.Read(ref _pausedSince);
        if (pausedSince != 0 && FindEndOfPause(next - pausedSince) is { } end)
        {
            CloseLater(end);
            return;
        }

        if (_awaitingPong && pausedSince == 0)
        {
            if (quiet > heartbeat.ToTimestamp(_server.Options.PingTimeout))
            {
                CloseLater(new DisconnectReason(DisconnectCause.PingTimeout));
                return;
            }
        }
        else if (quiet > heartbeat.ToTimestamp(_server.Options.PingInterval))
        {
            Volatile.Write(ref _quietSince, now);
            _timeoutExtended = false;
            _awaitingPong = true;
            Outbox.TryEnqueue(EngineFrames.Ping);
        }

        if (Volatile.Read(ref _probe) is not null)
        {
            TakeLateProbe(next - heartbeat.ToTimestamp(_server.Options.UpgradeTimeout))?.Close(WebSocketCloseCode.PolicyViolation, "upgrade timeout");
        }

        _listener.OnHeartbeat(now);
    }

    /// <summary>Closes on another thread, where the caller's must not run handlers: the heartbeat's, a producer's.</summary>
    public void CloseLater(DisconnectReason reason) =>
        ThreadPool.UnsafeQueueUserWorkItem(static state => state.Session.Close(state.Reason), (Session: this, Reason: reason), preferLocal: false);

    /// <summary>One more handler of the client begins: while it is not read from, the time for that counts anew.</summary>
    public void OnProgress()
    {
        long since = Volatile.Read(ref _pausedSince);
        if (since != 0)
        {
            Interlocked.CompareExchange(ref _pausedSince, Math.Max(1, _server.Heartbeat.Time.GetTimestamp()), since); // Unless the pause ends just now.
        }
    }

    // Pings go on meanwhile: a client that gets none takes the server for dead, and a link that is broken shows it when something is written.
    private DisconnectReason? FindEndOfPause(long paused) =>
        Volatile.Read(ref _webSocket) is { IsOutputEnded: true } lost ? LossOf(lost)
        : paused > _server.Heartbeat.ToTimestamp(_server.Options.PauseTimeout) ? new DisconnectReason(DisconnectCause.BacklogTimeout)
        : null;

    // For who polls between the deadline and a tick that is late.
    private bool IsPongOverdue()
    {
        Heartbeat heartbeat = _server.Heartbeat;
        return IsOpen && _awaitingPong && Volatile.Read(ref _pausedSince) == 0
            && heartbeat.Time.GetTimestamp() - Volatile.Read(ref _quietSince) > heartbeat.ToTimestamp(_server.Options.PingTimeout);
    }

    // A message that comes while a pong is due shows that the client lives; its pong may be waiting behind it. As in the reference server, the timeout
    // then begins anew, once for each ping.
    private void OnSignOfLife()
    {
        if (_awaitingPong && !_timeoutExtended)
        {
            _timeoutExtended = true;
            Volatile.Write(ref _quietSince, _server.Heartbeat.Time.GetTimestamp());
        }
    }

    private void OnPong()
    {
        Volatile.Write(ref _quietSince, _server.Heartbeat.Time.GetTimestamp());
        _awaitingPong = false;
    }
}
