using System.Threading.Tasks.Sources;
using Carillon.Connections;

namespace Carillon.SocketIO.EngineIO;

/// <summary>
/// The polling side of a session: at most one GET waits for frames at a time. One object serves all polls of the session, so waiting allocates nothing.
/// Thread-safe.
/// </summary>
internal sealed class PollingTransport : IOutboxTransport, IValueTaskSource<PollAnswer>
{
    private readonly Lock _gate = new(); // Guards the fields below; results are set outside of it.
    private ManualResetValueTaskSourceCore<PollAnswer> _source = new() { RunContinuationsAsynchronously = true };
    private bool _inProgress;
    private bool _waiting;
    private PollAnswer? _final;

    /// <summary>Whether a poll has begun and not ended.</summary>
    public bool IsInProgress
    {
        get
        {
            lock (_gate)
            {
                return _inProgress;
            }
        }
    }

    /// <summary>Whether a poll waits for frames.</summary>
    public bool IsWaiting => Volatile.Read(ref _waiting);

    /// <summary>Begins a poll; false if one is in progress.</summary>
    public bool TryBegin()
    {
        lock (_gate)
        {
            bool began = !_inProgress;
            _inProgress = true;
            return began;
        }
    }

    /// <summary>
    /// Ends the poll. To be called before the answer's last byte is written: a client may send its next poll at once.
    /// </summary>
    public void End()
    {
        lock (_gate)
        {
            _inProgress = false;
        }
    }

    /// <summary>Waits until <paramref name="outbox"/>, just found empty, holds frames, or something else releases the poll; frames go first.</summary>
    public ValueTask<PollAnswer> WaitAsync(Outbox outbox)
    {
        ValueTask<PollAnswer> wait;
        lock (_gate)
        {
            if (_final is { } final)
            {
                return ValueTask.FromResult(outbox.Count > 0 ? PollAnswer.Frames : final); // What was queued before the end is read before it.
            }

            _source.Reset();
            _waiting = true;
            wait = new ValueTask<PollAnswer>(this, _source.Version);
        }

        if (outbox.Count > 0)
        {
            Release(PollAnswer.Frames); // They came before we waited, and were announced to no one.
        }

        return wait;
    }

    /// <summary>Releases the waiting poll, if there is one.</summary>
    public void Release(PollAnswer answer)
    {
        lock (_gate)
        {
            if (!_waiting)
            {
                return;
            }

            _waiting = false;
        }

        _source.SetResult(answer);
    }

    /// <summary>Releases the waiting poll and every later one.</summary>
    public void Finish(PollAnswer answer)
    {
        lock (_gate)
        {
            _final ??= answer;
        }

        Release(answer);
    }

    void IOutboxTransport.OnFramesWaiting() => Release(PollAnswer.Frames);

    PollAnswer IValueTaskSource<PollAnswer>.GetResult(short token) => _source.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<PollAnswer>.GetStatus(short token) => _source.GetStatus(token);

    void IValueTaskSource<PollAnswer>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _source.OnCompleted(continuation, state, token, flags);
}
