using System.Collections.Concurrent;
using Carillon.Topics;

namespace Carillon.Publishing;

/// <summary>
/// A token bucket for each publisher of a topic. A bucket is a moment: when it would be full again. So one that is full needs not be remembered. Thread-safe.
/// </summary>
internal sealed class RateLimit(PublishRate rate, TimeProvider time)
{
    private const int SweepAt = 1024;

    private readonly ConcurrentDictionary<string, long> _fullAt = new(StringComparer.Ordinal);
    private readonly long _cost = Math.Max(1, (long)(rate.Per.TotalSeconds * time.TimestampFrequency / rate.Messages));
    private readonly int _burst = rate.Burst ?? rate.Messages;
    private int _count; // ConcurrentDictionary.Count takes every lock
    private int _sweepAt = SweepAt;

    /// <summary>Whether <paramref name="publisher"/> may publish one more now; if so it counts.</summary>
    public bool TryTake(string publisher)
    {
        long now = time.GetTimestamp();
        while (true)
        {
            bool isKnown = _fullAt.TryGetValue(publisher, out long known);
            long fullAt = Math.Max(now, known) + _cost;
            if (fullAt - now > _cost * _burst)
            {
                return false;
            }

            if (isKnown ? _fullAt.TryUpdate(publisher, fullAt, known) : _fullAt.TryAdd(publisher, fullAt))
            {
                if (!isKnown && Interlocked.Increment(ref _count) >= Volatile.Read(ref _sweepAt))
                {
                    Sweep(now);
                }

                return true;
            }
        }
    }

    // Publishers come and go; those whose bucket is full again are forgotten, when there are twice as many as after the last time.
    private void Sweep(long now)
    {
        foreach ((string publisher, long fullAt) in _fullAt)
        {
            if (fullAt <= now && _fullAt.TryRemove(new KeyValuePair<string, long>(publisher, fullAt)))
            {
                Interlocked.Decrement(ref _count);
            }
        }

        Volatile.Write(ref _sweepAt, Math.Max(SweepAt, 2 * Volatile.Read(ref _count)));
    }
}
