using Carillon.Bench.Linux;
using Carillon.Bench.Load;
using Carillon.Bench.Report;
using Carillon.Bench.Targets;

namespace Carillon.Bench;

/// <summary>The rounds of a run, in the order that lets servers alternate.</summary>
internal sealed class Suite(BenchOptions options, string repository, string workDirectory, TextWriter progress)
{
    // Below the 1,024 frames of an outbox: the load shall not turn a subscriber into a slow one.
    private const int MostUnderWay = 1000;

    private const int MostRepeats = 10;

    private static readonly TimeSpan CalmPatience = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan CalmProbe = TimeSpan.FromSeconds(1);

    private readonly List<Row> _rows = [];

    /// <summary>What has been measured so far.</summary>
    public IReadOnlyList<Row> Rows => _rows;

    public async Task RunAsync()
    {
        if (options.Only is null or "publish")
        {
            await PublishAsync();
        }
        if (options.Only is null or "fanout")
        {
            await FanOutAsync();
        }
    }

    private async Task PublishAsync()
    {
        Target target = Target.Carillon(repository);
        string work = $"durable publish, {options.Connections} connections";
        (Row Row, bool WithId)[] variants =
        [
            (new Row($"{work}, client's ids", target.Name), true),
            (new Row($"{work}, server's ids", target.Name), false),
        ];
        _rows.AddRange(variants.Select(variant => variant.Row));
        for (int round = 1; round <= options.Rounds; round++)
        {
            foreach ((Row row, bool withId) in variants)
            {
                await RepeatUntilCalmAsync(row, round, async _ =>
                {
                    // A new process and database each time: the log's size must not differ between rounds.
                    using RunningServer server = RunningServer.Start(target, workDirectory);
                    using PublishLoad load = new(server.Address, "bench", withId, options.Connections, () => StartMeasurement(server));
                    Sample sample = load.Run();
                    return (sample, await StoredLog.CompareAsync(server.Address, "bench", load.Offsets));
                });
            }
        }
    }

    private async Task FanOutAsync()
    {
        List<RunningServer> servers = [];
        try
        {
            List<(Row Row, RunningServer Server, Func<IPace> Pace)> work = [];
            Target[] targets = options.Server switch
            {
                "carillon" => [Target.Carillon(repository)],
                "socket.io" => [Target.SocketIo(repository)],
                _ => [Target.Carillon(repository), Target.SocketIo(repository)],
            };
            servers.AddRange(targets.Select(target => RunningServer.Start(target, workDirectory)));
            foreach ((string name, Func<IPace> pace) in Paces())
            {
                work.AddRange(targets.Zip(servers, (target, server) => (new Row(name, target.Name), server, pace)));
            }
            _rows.AddRange(work.Select(item => item.Row));
            for (int round = 1; round <= options.Rounds; round++)
            {
                foreach ((int index, (Row row, RunningServer server, Func<IPace> pace)) in work.Index())
                {
                    await RepeatUntilCalmAsync(row, round, attempt =>
                    {
                        string topic = $"bench-{round}-{index}-{attempt}";
                        using FanOutLoad load = new(server.Address, topic, options, () => StartMeasurement(server));
                        return Task.FromResult(load.Run(pace()));
                    });
                }
            }
        }
        finally
        {
            servers.ForEach(server => server.Dispose());
        }
    }

    private IEnumerable<(string Name, Func<IPace> Pace)> Paces()
    {
        string name = $"fan-out to {options.Subscribers:N0}";
        yield return ($"{name}, window {options.Window}", () => new ClosedWindow(options.Window));
        if (options.Rate > 0)
        {
            double messages = (double)options.Rate / options.Subscribers;
            yield return ($"{name}, {options.Rate:N0}/s offered", () => new FixedRate(messages, MostUnderWay));
        }
    }

    private Measurement StartMeasurement(RunningServer server) =>
        new(server.ProcessId, TimeSpan.FromSeconds(options.Warmup), TimeSpan.FromSeconds(options.Seconds));

    private async Task RepeatUntilCalmAsync(Row row, int round, Func<int, Task<(Sample Sample, Verdict Verdict)>> run)
    {
        for (int attempt = 1; ; attempt++)
        {
            await WaitForCalmAsync();
            (Sample sample, Verdict verdict) = await run(attempt);
            bool counts = options.Calm is not int percent || sample.OtherCores * 100 <= percent || attempt > MostRepeats;
            await progress.WriteLineAsync(
                $"round {round}: {row.Work}: {row.Server}: {sample.PerSecond:N0}/s, {sample.ServerMicroseconds:F2} µs each, "
                + $"others {sample.OtherCores:F2} cores{(counts ? "" : ": disturbed, once more")}");
            row.Judge(verdict);
            if (counts)
            {
                row.Add(sample);
                return;
            }
        }
    }

    // Nothing of ours runs between rounds but idle servers, so whatever is busy then are others.
    private async Task WaitForCalmAsync()
    {
        for (TimeSpan waited = TimeSpan.Zero; options.Calm is int percent && waited < CalmPatience; waited += CalmProbe)
        {
            TimeSpan before = ProcessorTime.OfMachine();
            await Task.Delay(CalmProbe);
            if ((ProcessorTime.OfMachine() - before) / CalmProbe * 100 <= percent)
            {
                return;
            }
        }
    }
}
