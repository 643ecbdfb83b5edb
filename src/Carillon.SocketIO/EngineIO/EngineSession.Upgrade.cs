using Carillon.Connections.WebSockets;

namespace Carillon.SocketIO.EngineIO;

internal sealed partial class EngineSession
{
    private volatile bool _probed; // The probe was answered: polls and posts are released soon until the upgrade ends, either way.
    private volatile bool _hasYoungPoll; // The poll under way when the probe was answered had hardly begun: it may have overtaken the probe.
    private TaskCompletionSource? _probeAwaited; // This and the next are guarded by _gate.
    private TaskCompletionSource? _postsEnded; // Completed when no POST is under way any more, or the session has ended: its new WebSocket waits for that.

    /// <summary>
    /// A WebSocket was opened for the session; false if the session has one already, or ends. That one is closed and not refused, as the reference server does:
    /// the protocol's public suite waits for a close and takes a refusal for a fault.
    /// </summary>
    public bool BeginProbe(WebSocketConnection connection)
    {
        lock (_gate)
        {
            if (_state != SessionState.Open || _webSocket is not null || _probe is not null)
            {
                return false;
            }

            _probe = connection;
            _probeSince = _server.Heartbeat.Time.GetTimestamp();
            return true;
        }
    }

    /// <summary>
    /// The client proved that its WebSocket works: engine.io-protocol v4, "Upgrade". The pending poll is let go, so that the client can stop polling.
    /// </summary>
    public void OnProbed(WebSocketConnection connection)
    {
        connection.Send(EngineFrames.ProbeAnswer);
        TaskCompletionSource? waiting;
        lock (_gate)
        {
            if (_probe != connection)
            {
                return; // It took too long, just now.
            }

            _hasYoungPoll = _server.Heartbeat.Time.GetElapsedTime(Volatile.Read(ref _pollSince)) < LongestPollWhileUpgrading;
            _probed = true;
            waiting = _probeAwaited;
            _probeAwaited = null;
        }

        waiting?.TrySetResult();
        if (_hasYoungPoll)
        {
            _ = ReleaseSoonAsync();
        }
        else
        {
            _polling.Release(PollAnswer.Noop);
        }
    }

    /// <summary>The client switched over: from now on its WebSocket drains the outbox. False if the session is not waiting for that.</summary>
    public bool CompleteUpgrade(WebSocketConnection connection)
    {
        lock (_gate)
        {
            if (_state != SessionState.Open || _probe != connection || !_probed)
            {
                return false;
            }

            _probe = null;
            _webSocket = connection;
        }

        _polling.Release(PollAnswer.Noop);
        connection.Attach(Outbox);
        _server.Metrics.OnUpgraded();
        return true;
    }

    /// <summary>
    /// Completes when no POST that came before the upgrade is under way, or the session has ended: messages are taken one at a time. The reference's clients switch over only
    /// when their POST was answered.
    /// </summary>
    public Task WaitForPostsAsync()
    {
        lock (_gate)
        {
            if (_post == PostPhase.None || _state != SessionState.Open)
            {
                return Task.CompletedTask;
            }

            _postsEnded ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _postsEnded.Task;
        }
    }

    // The probe that began before a timestamp, if there is one. It is the session's no more: an upgrade that completes just now would be closed with it.
    private WebSocketConnection? TakeLateProbe(long since)
    {
        lock (_gate)
        {
            if (_probe is not { } probe || _probeSince >= since)
            {
                return null;
            }

            _probe = null;
            _probed = false;
            return probe;
        }
    }

    /// <summary>A message on the session's WebSocket.</summary>
    public ValueTask OnWebSocketMessageAsync(ReadOnlyMemory<byte> payload, bool isBinary) =>
        !IsOpen ? ValueTask.CompletedTask : isBinary ? DeliverAsync(payload, isBinary: true) : OnPacketAsync(payload);

    private async Task ReleaseSoonAsync()
    {
        await Task.Delay(LongestPollWhileUpgrading, _server.Heartbeat.Time);
        _polling.Release(PollAnswer.Noop);
    }

    private Task WaitForProbeAsync()
    {
        lock (_gate)
        {
            if (_probed)
            {
                return Task.CompletedTask;
            }

            _probeAwaited ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _probeAwaited.Task;
        }
    }
}
