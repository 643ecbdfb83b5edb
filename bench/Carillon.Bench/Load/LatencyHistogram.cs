using System.Diagnostics;
using System.Numerics;

namespace Carillon.Bench.Load;

/// <summary>Counts latencies in buckets of at most 1.6 % width: 64 for each power of two of Stopwatch ticks.</summary>
internal sealed class LatencyHistogram
{
    private const int SubBits = 6;

    private readonly long[] _counts = new long[64 << SubBits];
    private long _count;
    private long _maximum;

    public TimeSpan Maximum => Stopwatch.GetElapsedTime(0, _maximum);

    public void Record(long ticks)
    {
        ticks = Math.Max(ticks, 0);
        _counts[Bucket(ticks)]++;
        _count++;
        _maximum = Math.Max(_maximum, ticks);
    }

    public TimeSpan Percentile(double fraction)
    {
        long rank = (long)Math.Ceiling(_count * fraction);
        for (int bucket = 0; bucket < _counts.Length; bucket++)
        {
            rank -= _counts[bucket];
            if (rank <= 0)
            {
                return Stopwatch.GetElapsedTime(0, LowerBound(bucket));
            }
        }
        return Maximum;
    }

    private static int Bucket(long ticks)
    {
        int shift = Math.Max(0, BitOperations.Log2((ulong)ticks) - SubBits);
        return (shift << SubBits) + (int)(ticks >> shift);
    }

    private static long LowerBound(int bucket)
    {
        int shift = Math.Max(0, (bucket >> SubBits) - 1);
        return (long)(bucket - (shift << SubBits)) << shift;
    }
}
