using System.Diagnostics;

namespace Carillon.Bench.Load;

/// <summary>A message at equal intervals, whatever the server does, as long as no more than <paramref name="most"/> are under way.</summary>
internal sealed class FixedRate(double messagesPerSecond, int most) : IPace
{
    private readonly long _interval = (long)(Stopwatch.Frequency / messagesPerSecond);
    private long _next = Stopwatch.GetTimestamp();

    public bool TryTake(long now, int underWay, out long dueAt)
    {
        dueAt = _next;
        if (now < _next || underWay >= most)
        {
            return false;
        }
        _next += _interval;
        return true;
    }

    public TimeSpan Patience(long now) => TimeSpan.FromMilliseconds(10) is var most && Stopwatch.GetElapsedTime(now, _next) is var left && left < most
        ? left
        : most;
}
