namespace Carillon.Monitoring;

/// <summary>The observers of a hub, read without a lock.</summary>
internal sealed class ObserverList
{
    private readonly Lock _gate = new(); // guards writing; readers take the array
    private IHubObserver[] _observers = [];

    public ReadOnlySpan<IHubObserver> Snapshot() => Volatile.Read(ref _observers);

    public void Add(IHubObserver observer)
    {
        lock (_gate)
        {
            Volatile.Write(ref _observers, [.. _observers, observer]);
        }
    }

    public void Remove(IHubObserver observer)
    {
        lock (_gate)
        {
            Volatile.Write(ref _observers, Array.FindAll(_observers, other => !ReferenceEquals(other, observer)));
        }
    }
}
