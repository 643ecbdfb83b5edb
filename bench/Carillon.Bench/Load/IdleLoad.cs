using System.Diagnostics;
using System.Net;
using Carillon.Bench.Linux;
using Carillon.Bench.Wire;

namespace Carillon.Bench.Load;

/// <summary>Connects many clients that then do nothing, and weighs them.</summary>
internal sealed class IdleLoad(IPEndPoint server, int serverProcess, IRoomProtocol protocol) : IDisposable
{
    /// <summary>Connected first and kept: what a server loads and compiles once belongs to none of the clients that are weighed.</summary>
    private const int First = 200;

    private static readonly TimeSpan FirstSettle = TimeSpan.FromSeconds(2);

    private readonly EventLoop _loop = new();

    /// <summary>Runs to the end.</summary>
    /// <param name="connections">How many are measured.</param>
    /// <param name="settle">How long they stay before their memory is read; heartbeats go on meanwhile.</param>
    public Sample Run(int connections, TimeSpan settle)
    {
        Crowd.Connect(_loop, First, _ => protocol.Connect(server));
        Stay(FirstSettle);

        LatencyHistogram latencies = new();
        long memory = ResidentMemory.Of(serverProcess);
        ProcessorTimes before = ProcessorTimes.Now(serverProcess);
        long start = Stopwatch.GetTimestamp();
        Crowd.Connect(_loop, connections, _ => protocol.Connect(server), latencies.Record);
        TimeSpan elapsed = Stopwatch.GetElapsedTime(start);
        ProcessorTimes spent = ProcessorTimes.Now(serverProcess) - before;

        Stay(settle);
        return new Sample(connections, elapsed, latencies.Percentile(0.5), latencies.Percentile(0.99), latencies.Maximum, spent)
        {
            BytesEach = (double)(ResidentMemory.Of(serverProcess) - memory) / connections,
        };
    }

    public void Dispose() => _loop.Dispose();

    // A connection that the server closes meanwhile ends the run.
    private void Stay(TimeSpan time)
    {
        Heartbeats heartbeats = new(_loop.Links);
        long end = Stopwatch.GetTimestamp() + Measurement.Ticks(time);
        for (long now = Stopwatch.GetTimestamp(); now < end; now = Stopwatch.GetTimestamp())
        {
            heartbeats.SendDue(now);
            _ = _loop.Poll(TimeSpan.FromMilliseconds(1));
        }
    }
}
