using System.Diagnostics;
using Carillon.Bench.Linux;
using Carillon.Bench.Wire;

namespace Carillon.Bench.Load;

/// <summary>Publishes at a pace and receives at all subscribers, on one thread.</summary>
/// <param name="answers">The publishers' links.</param>
/// <param name="deliveries">The subscribers' links.</param>
/// <param name="publishers">They take turns.</param>
/// <param name="ledger">Notes what is sent.</param>
/// <param name="heartbeats">Of all links that need one.</param>
/// <param name="measurement">The round's clock.</param>
internal sealed class LoadLoop(
    EventLoop answers, EventLoop deliveries, IReadOnlyList<IPublisher> publishers, ILedger ledger, Heartbeats heartbeats, Measurement measurement)
{
    private static readonly TimeSpan DrainPatience = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Subscribers are read at this interval. If every delivery woke the generator, the wake-up would be the greater part of the server's cost for it
    /// (an interrupt between cores, and on a virtual machine an exit): what is measured would be this machine, where the clients should be elsewhere.
    /// </summary>
    private static readonly TimeSpan GatherInterval = TimeSpan.FromMicroseconds(500);

    private int _nextPublisher;
    private long _gatherAt;

    public (Sample Sample, Verdict Verdict) Run(IPace pace)
    {
        long now = Stopwatch.GetTimestamp();
        while (measurement.Continues(now))
        {
            PublishWhatIsDue(pace, now);
            Receive(now, pace.Patience(now));
            now = Stopwatch.GetTimestamp();
        }
        long deadline = now + Measurement.Ticks(DrainPatience);
        while (!ledger.IsComplete && Stopwatch.GetTimestamp() < deadline)
        {
            Receive(Stopwatch.GetTimestamp(), GatherInterval);
        }
        return (measurement.Sample!, ledger.Judge());
    }

    private void Receive(long now, TimeSpan patience)
    {
        TimeSpan untilGathering = _gatherAt > now ? Stopwatch.GetElapsedTime(now, _gatherAt) : TimeSpan.Zero;
        _ = answers.Poll(patience < untilGathering ? patience : untilGathering);
        now = Stopwatch.GetTimestamp();
        if (now >= _gatherAt)
        {
            bool more = deliveries.Poll(TimeSpan.Zero);
            _gatherAt = more ? now : now + Measurement.Ticks(GatherInterval);
        }
        heartbeats.SendDue(now);
    }

    private void PublishWhatIsDue(IPace pace, long now)
    {
        for (int busy = 0; busy < publishers.Count;)
        {
            int publisher = _nextPublisher;
            _nextPublisher = (publisher + 1) % publishers.Count;
            if (!publishers[publisher].IsReady)
            {
                busy++;
                continue;
            }
            if (!pace.TryTake(now, ledger.UnderWay, out long dueAt))
            {
                return;
            }
            publishers[publisher].Publish(ledger.Add(dueAt, publisher));
            busy = 0;
        }
    }
}
