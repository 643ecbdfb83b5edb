using Carillon.Bench.Linux;
using Carillon.Bench.Load;
using Carillon.Bench.Report;
using Carillon.Bench.Targets;

namespace Carillon.Bench.Parts;

/// <summary>Runs rounds, says how they went, and collects their rows.</summary>
internal sealed class Rounds(BenchOptions options, TextWriter progress)
{
    private const int MostRepeats = 10;

    private static readonly TimeSpan CalmPatience = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan CalmProbe = TimeSpan.FromSeconds(1);

    private readonly List<Row> _rows = [];

    /// <summary>What has been measured so far.</summary>
    public IReadOnlyList<Row> Rows => _rows;

    public Row AddRow(string work, Contender contender, string server)
    {
        Row row = new(work, contender, server);
        _rows.Add(row);
        return row;
    }

    /// <summary>The clock of a round of a server.</summary>
    public Measurement Start(RunningServer server) =>
        new(server.ProcessId, TimeSpan.FromSeconds(options.Warmup), TimeSpan.FromSeconds(options.Seconds));

    /// <summary>Runs one round of a row, again if others disturbed it and the options ask for calm.</summary>
    public async Task RunAsync(Row row, int round, Func<int, Task<(Sample Sample, Verdict Verdict)>> run)
    {
        for (int attempt = 1; ; attempt++)
        {
            await WaitForCalmAsync();
            (Sample sample, Verdict verdict) = await run(attempt);
            bool counts = options.Calm is not int percent || sample.OtherCores * 100 <= percent || attempt > MostRepeats;
            string memory = sample.BytesEach is double bytes ? $", {bytes / 1000:F1} kB each" : "";
            await progress.WriteLineAsync(
                $"round {round}: {row.Work}: {row.Server}: {sample.PerSecond:N0}/s, {sample.ServerMicroseconds:F2} µs each{memory}, "
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
