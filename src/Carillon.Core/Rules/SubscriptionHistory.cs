namespace Carillon.Rules;

/// <summary>Since when a session has held fewer subscriptions than a rule wants. Thread-safe.</summary>
internal sealed class SubscriptionHistory(TimeProvider time)
{
    private readonly Lock _gate = new(); // Guards all below.
    private readonly long _cameAt = time.GetTimestamp();
    private readonly List<long> _fellBelow = []; // When the number last fell below the place's index plus one.
    private int _count;

    public int Count => Volatile.Read(ref _count);

    public TimeSpan Age(long now) => time.GetElapsedTime(_cameAt, now);

    public void Note(int count)
    {
        lock (_gate)
        {
            long now = count < _count ? time.GetTimestamp() : 0;
            while (_fellBelow.Count < count)
            {
                _fellBelow.Add(0);
            }

            for (int i = count; i < _count; i++)
            {
                _fellBelow[i] = now;
            }

            _count = count;
        }
    }

    public TimeSpan TimeBelow(int count, long now)
    {
        lock (_gate)
        {
            if (_count >= count)
            {
                return TimeSpan.Zero;
            }

            return time.GetElapsedTime(count <= _fellBelow.Count ? _fellBelow[count - 1] : _cameAt, now);
        }
    }
}
