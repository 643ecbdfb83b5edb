namespace Carillon.SocketIO.EngineIO;

internal sealed partial class EngineServer
{
    private static readonly TimeSpan LongestShutdown = TimeSpan.FromSeconds(3);
    private readonly TaskCompletionSource _idle = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _closing;
    private int _requests;

    public bool IsClosing => _closing;

    /// <summary>
    /// Refuses new sessions, closes all others so that their clients come back, and returns when every request has ended, after 3 s at most.
    /// </summary>
    public async Task CloseAsync(CancellationToken cancellation)
    {
        Interlocked.Increment(ref _requests); // As if a request: nothing is idle before all sessions were told.
        _closing = true;
        foreach ((_, EngineSession session) in _sessions)
        {
            session.Close(new DisconnectReason(DisconnectCause.ServerShuttingDown));
        }

        LeaveRequest();
        try
        {
            await _idle.Task.WaitAsync(LongestShutdown, Heartbeat.Time, cancellation);
        }
        catch (TimeoutException)
        {
            // Each connection still has its own deadline.
        }
    }

    /// <summary>Counts a request, or a WebSocket, which may outlive its request.</summary>
    private void EnterRequest() => Interlocked.Increment(ref _requests);

    /// <summary>What was counted has ended.</summary>
    public void LeaveRequest()
    {
        if (Interlocked.Decrement(ref _requests) == 0 && _closing)
        {
            _idle.TrySetResult();
        }
    }
}
