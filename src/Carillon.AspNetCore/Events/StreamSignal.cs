using System.Threading.Tasks.Sources;

namespace Carillon.AspNetCore.Events;

/// <summary>Wakes the one who writes a stream; without an allocation, however often. One waits, any number set.</summary>
internal sealed class StreamSignal : IValueTaskSource
{
    private const int Quiet = 0;
    private const int IsSet = 1;
    private const int Waiting = 2;

    private ManualResetValueTaskSourceCore<bool> _core = new() { RunContinuationsAsynchronously = true };
    private int _state;

    /// <summary>Completes when it is set, or was since the last wait; takes the set away. To be awaited at once.</summary>
    public ValueTask WaitAsync()
    {
        _core.Reset();
        if (Interlocked.CompareExchange(ref _state, Waiting, Quiet) == Quiet)
        {
            return new ValueTask(this, _core.Version);
        }

        Volatile.Write(ref _state, Quiet); // It was set; nobody but the one who waits takes that away.
        return ValueTask.CompletedTask;
    }

    /// <summary>Wakes; never runs the waiting one's code.</summary>
    public void Set()
    {
        if (Interlocked.CompareExchange(ref _state, IsSet, Quiet) == Waiting && Interlocked.CompareExchange(ref _state, Quiet, Waiting) == Waiting)
        {
            _core.SetResult(result: true);
        }
    }

    void IValueTaskSource.GetResult(short token) => _core.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);
}
