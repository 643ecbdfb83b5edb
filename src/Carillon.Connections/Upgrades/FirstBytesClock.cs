namespace Carillon.Connections.Upgrades;

/// <summary>
/// Ends the wait for first bytes of all connections that were accepted in about the same second, with one timer. To be asked by one thread at a time.
/// </summary>
internal sealed class FirstBytesClock(TimeProvider time) : IDisposable
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Slot = TimeSpan.FromSeconds(1);
    private CancellationTokenSource? _current;
    private long _since;

    /// <summary>Cancelled 2 to 3 s from now.</summary>
    public CancellationToken Current
    {
        get
        {
            long now = time.GetTimestamp();
            if (_current is null || time.GetElapsedTime(_since, now) > Slot)
            {
                _current = new CancellationTokenSource(Longest, time); // An earlier one still serves those who have its token, and ends by its timer.
                _since = now;
            }

            return _current.Token;
        }
    }

    public void Dispose() => _current?.Cancel();
}
