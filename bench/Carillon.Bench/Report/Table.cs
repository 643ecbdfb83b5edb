using Carillon.Bench.Load;

namespace Carillon.Bench.Report;

/// <summary>The one table that a run prints, in Markdown.</summary>
internal static class Table
{
    private static readonly string[] Head =
    [
        "work", "server", "per second", "(rounds)", "p50 ms", "p99 ms", "max ms", "server µs each", "server cores", "generator µs each", "generator cores", "other cores", "lost", "disordered",
    ];

    public static void Print(IReadOnlyList<Row> rows, TextWriter output)
    {
        string[][] lines = [Head, .. rows.Where(row => row.Samples.Count > 0).Select(Cells)];
        int[] widths = [.. Enumerable.Range(0, Head.Length).Select(column => lines.Max(line => line[column].Length))];
        for (int i = 0; i < lines.Length; i++)
        {
            output.WriteLine($"| {string.Join(" | ", lines[i].Select((cell, column) => Pad(cell, column, widths[column])))} |");
            if (i == 0)
            {
                output.WriteLine($"|{string.Join('|', widths.Select((width, column) => column < 2 ? new string('-', width + 2) : new string('-', width + 1) + ":"))}|");
            }
        }
    }

    private static string[] Cells(Row row) =>
    [
        row.Work,
        row.Server,
        $"{row.Median(sample => sample.PerSecond):N0}",
        $"{row.Samples.Min(sample => sample.PerSecond):N0}–{row.Samples.Max(sample => sample.PerSecond):N0}",
        Milliseconds(row, sample => sample.P50),
        Milliseconds(row, sample => sample.P99),
        Milliseconds(row, sample => sample.Maximum),
        $"{row.Median(sample => sample.ServerMicroseconds):F2}",
        $"{row.Median(sample => sample.ServerCores):F2}",
        $"{row.Median(sample => sample.GeneratorMicroseconds):F2}",
        $"{row.Median(sample => sample.GeneratorCores):F2}",
        $"{row.Median(sample => sample.OtherCores):F2}",
        $"{row.Lost}",
        $"{row.Disordered}",
    ];

    private static string Milliseconds(Row row, Func<Sample, TimeSpan> latency) => $"{row.Median(sample => latency(sample).TotalMilliseconds):F2}";

    private static string Pad(string cell, int column, int width) => column < 2 ? cell.PadRight(width) : cell.PadLeft(width);
}
