using System.Text.Json;

namespace Carillon.Bench.Report;

/// <summary>Every round's figures, for machines.</summary>
internal static class JsonReport
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public static void Write(string path, Machine machine, IReadOnlyList<Row> rows)
    {
        var report = new
        {
            machine,
            rows = rows.Select(row => new
            {
                work = row.Work,
                server = row.Server,
                lost = row.Lost,
                disordered = row.Disordered,
                rounds = row.Samples.Select(sample => new
                {
                    operations = sample.Operations,
                    seconds = sample.Elapsed.TotalSeconds,
                    perSecond = sample.PerSecond,
                    p50Milliseconds = sample.P50.TotalMilliseconds,
                    p99Milliseconds = sample.P99.TotalMilliseconds,
                    maximumMilliseconds = sample.Maximum.TotalMilliseconds,
                    serverSeconds = sample.Spent.Server.TotalSeconds,
                    serverMicrosecondsEach = sample.ServerMicroseconds,
                    generatorSeconds = sample.Spent.Generator.TotalSeconds,
                    otherSeconds = sample.OtherCores * sample.Elapsed.TotalSeconds,
                    generatorMicrosecondsEach = sample.GeneratorMicroseconds,
                    bytesEach = sample.BytesEach,
                    cutAfterSeconds = sample.CutAfter?.TotalSeconds,
                }),
            }),
        };
        File.WriteAllText(path, JsonSerializer.Serialize(report, Indented));
    }
}
