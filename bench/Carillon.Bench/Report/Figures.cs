using Carillon.Bench.Load;

namespace Carillon.Bench.Report;

/// <summary>The table of what was measured.</summary>
internal static class Figures
{
    private static readonly string[] Head =
    [
        "work", "server", "per second", "(rounds)", "p50 ms", "p99 ms", "max ms", "server µs each", "server cores", "server kB each",
        "generator µs each", "generator cores", "other cores", "lost", "disordered",
    ];

    public static void Print(IReadOnlyList<Row> rows, TextWriter output) =>
        Table.Print(Head, [.. rows.Where(row => row.Samples.Count > 0).Select(Cells)], textColumns: 2, output);

    private static string[] Cells(Row row) =>
    [
        row.Work,
        row.Server,
        $"{row.PerSecond:N0}",
        $"{row.Samples.Min(sample => sample.PerSecond):N0}–{row.Samples.Max(sample => sample.PerSecond):N0}",
        Milliseconds(row, sample => sample.P50),
        Milliseconds(row, sample => sample.P99),
        Milliseconds(row, sample => sample.Maximum),
        $"{row.ServerMicroseconds:F2}",
        $"{row.Median(sample => sample.ServerCores):F2}",
        $"{row.Kilobytes:F1}",
        $"{row.Median(sample => sample.GeneratorMicroseconds):F2}",
        $"{row.Median(sample => sample.GeneratorCores):F2}",
        $"{row.Median(sample => sample.OtherCores):F2}",
        $"{row.Lost}",
        $"{row.Disordered}",
    ];

    private static string Milliseconds(Row row, Func<Sample, TimeSpan> latency) => $"{row.Median(sample => latency(sample).TotalMilliseconds):F2}";
}
