namespace Carillon.Bench.Load;

/// <summary>As fast as it goes: always <paramref name="size"/> messages under way, never more.</summary>
internal sealed class ClosedWindow(int size) : IPace
{
    public bool TryTake(long now, int underWay, out long dueAt)
    {
        dueAt = now;
        return underWay < size;
    }

    public TimeSpan Patience(long now) => TimeSpan.FromMilliseconds(10);
}
