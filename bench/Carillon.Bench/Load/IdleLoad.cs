using System.Diagnostics;
using System.Net;
using Carillon.Bench.Linux;
using Carillon.Bench.Wire;

namespace Carillon.Bench.Load;

/// <summary>
/// Connects many clients that then do nothing, and weighs them; then all of them at once leave and come back, several times, and the last time is
/// measured: a server that has just started would be timed compiling itself.
/// </summary>
internal sealed class IdleLoad(IPEndPoint server, int serverProcess, IRoomProtocol protocol)
{
    /// <summary>Connected first and kept: what a server loads and compiles once belongs to none of the clients that are weighed.</summary>
    private const int First = 200;

    /// <summary>Runtimes go on compiling what is used often; after so many returns the cost of one no longer falls.</summary>
    private const int WarmingReturns = 5;

    private static readonly TimeSpan FirstSettle = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan RestPatience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan RestProbe = TimeSpan.FromSeconds(0.5);

    /// <summary>Runs to the end.</summary>
    /// <param name="connections">How many are measured.</param>
    /// <param name="settle">How long they stay before their memory is read; heartbeats go on meanwhile.</param>
    public async Task<Sample> RunAsync(int connections, TimeSpan settle)
    {
        double bytesEach = Weigh(connections, settle);
        await RestAsync();
        for (int i = 0; i < WarmingReturns; i++)
        {
            _ = Time(connections);
            await RestAsync();
        }

        return Time(connections) with { BytesEach = bytesEach };
    }

    private double Weigh(int connections, TimeSpan settle)
    {
        using EventLoop loop = new();
        Crowd.Connect(loop, First, _ => protocol.Connect(server));
        Stay(loop, FirstSettle);
        long before = ResidentMemory.Of(serverProcess);
        Crowd.Connect(loop, connections, _ => protocol.Connect(server));
        Stay(loop, settle);
        return (double)(ResidentMemory.Of(serverProcess) - before) / connections;
    }

    private Sample Time(int connections)
    {
        using EventLoop loop = new();
        LatencyHistogram latencies = new();
        ProcessorTimes before = ProcessorTimes.Now(serverProcess);
        long start = Stopwatch.GetTimestamp();
        Crowd.Connect(loop, connections, _ => protocol.Connect(server), latencies.Record);
        TimeSpan elapsed = Stopwatch.GetElapsedTime(start);
        ProcessorTimes spent = ProcessorTimes.Now(serverProcess) - before;
        return new Sample(connections, elapsed, latencies.Percentile(0.5), latencies.Percentile(0.99), latencies.Maximum, spent);
    }

    // A connection that the server closes meanwhile ends the run.
    private static void Stay(EventLoop loop, TimeSpan time)
    {
        Heartbeats heartbeats = new(loop.Links);
        long end = Stopwatch.GetTimestamp() + Measurement.Ticks(time);
        for (long now = Stopwatch.GetTimestamp(); now < end; now = Stopwatch.GetTimestamp())
        {
            heartbeats.SendDue(now);
            _ = loop.Poll(TimeSpan.FromMilliseconds(1));
        }
    }

    // Until the server is done with those who left.
    private async Task RestAsync()
    {
        TimeSpan spent;
        long start = Stopwatch.GetTimestamp();
        do
        {
            TimeSpan before = ProcessorTime.Of(serverProcess);
            await Task.Delay(RestProbe);
            spent = ProcessorTime.Of(serverProcess) - before;
        }
        while (spent > RestProbe / 20 && Stopwatch.GetElapsedTime(start) < RestPatience);
    }
}
