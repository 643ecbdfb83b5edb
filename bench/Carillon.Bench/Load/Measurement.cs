using System.Diagnostics;

namespace Carillon.Bench.Load;

/// <summary>
/// The clock of one round: a warm-up whose figures are thrown away, then the measured time. Processor times are those of the measured time alone.
/// </summary>
internal sealed class Measurement(int serverProcess, TimeSpan warmup, TimeSpan duration)
{
    private readonly LatencyHistogram _latencies = new();
    private readonly long _begin = Stopwatch.GetTimestamp() + Ticks(warmup);
    private long _begun;
    private ProcessorTimes _atBegin;
    private long _operations;

    /// <summary>What was measured, once <see cref="Continues"/> has returned false.</summary>
    public Sample? Sample { get; private set; }

    public static long Ticks(TimeSpan time) => (long)(time.TotalSeconds * Stopwatch.Frequency);

    /// <summary>Called in each turn of the load's loop; begins and ends the measured time.</summary>
    /// <returns>Whether more load is wanted.</returns>
    public bool Continues(long now)
    {
        if (now < _begin)
        {
            return true;
        }
        if (_begun == 0)
        {
            _atBegin = ProcessorTimes.Now(serverProcess);
            _begun = now;
            return true;
        }
        if (now < _begun + Ticks(duration))
        {
            return true;
        }
        ProcessorTimes spent = ProcessorTimes.Now(serverProcess) - _atBegin;
        Sample = new Sample(
            _operations,
            Stopwatch.GetElapsedTime(_begun, now),
            _latencies.Percentile(0.5),
            _latencies.Percentile(0.99),
            _latencies.Maximum,
            spent);
        return false;
    }

    /// <summary>Counts one operation, if the measured time has begun and not ended.</summary>
    public void Record(long latencyTicks)
    {
        if (_begun != 0 && Sample is null)
        {
            _operations++;
            _latencies.Record(latencyTicks);
        }
    }
}
