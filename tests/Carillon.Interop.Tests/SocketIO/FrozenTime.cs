namespace Carillon.Interop.Tests.SocketIO;

/// <summary>Time that stands still: what is timed never happens.</summary>
internal sealed class FrozenTime : TimeProvider
{
    private readonly long _timestamp = System.GetTimestamp();

    public override long GetTimestamp() => _timestamp;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => new SilentTimer();

    private sealed class SilentTimer : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose()
        {
            // Holds nothing.
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
