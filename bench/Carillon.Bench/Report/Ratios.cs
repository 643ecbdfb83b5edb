using Carillon.Bench.Targets;

namespace Carillon.Bench.Report;

/// <summary>Carillon's figures divided by each other server's for the same work.</summary>
internal static class Ratios
{
    private static readonly string[] Head = ["work", "Carillon's figures /", "per second", "p99", "server µs each", "server kB each"];

    public static void Print(IReadOnlyList<Row> rows, TextWriter output)
    {
        List<string[]> lines = [];
        foreach (IGrouping<string, Row> work in rows.Where(row => row.Samples.Count > 0).GroupBy(row => row.Work, StringComparer.Ordinal))
        {
            if (work.FirstOrDefault(row => row.Contender == Contender.Carillon) is { } ours)
            {
                lines.AddRange(work.Where(row => row.Contender != Contender.Carillon).Select(peer => Cells(ours, peer)));
            }
        }
        Table.Print(Head, lines, textColumns: 2, output);
    }

    private static string[] Cells(Row ours, Row peer) =>
    [
        ours.Work,
        peer.Server,
        $"{ours.PerSecond / peer.PerSecond:F2}",
        $"{ours.P99Milliseconds / peer.P99Milliseconds:F2}",
        $"{ours.ServerMicroseconds / peer.ServerMicroseconds:F2}",
        $"{ours.Kilobytes / peer.Kilobytes:F2}",
    ];
}
