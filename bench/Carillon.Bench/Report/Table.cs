namespace Carillon.Bench.Report;

/// <summary>Prints a table in Markdown that can also be read as it is.</summary>
internal static class Table
{
    /// <summary>Prints nothing when there are no lines.</summary>
    /// <param name="head">The names of the columns.</param>
    /// <param name="lines">As many cells each.</param>
    /// <param name="textColumns">How many of the first columns hold text; the others hold numbers.</param>
    /// <param name="output">Where to.</param>
    public static void Print(string[] head, IReadOnlyCollection<string[]> lines, int textColumns, TextWriter output)
    {
        if (lines.Count == 0)
        {
            return;
        }
        string[][] all = [head, .. lines];
        int[] widths = [.. Enumerable.Range(0, head.Length).Select(column => all.Max(line => line[column].Length))];
        for (int i = 0; i < all.Length; i++)
        {
            output.WriteLine($"| {string.Join(" | ", all[i].Select((cell, column) => Pad(cell, column)))} |");
            if (i == 0)
            {
                output.WriteLine(
                    $"|{string.Join('|', widths.Select((width, column) => column < textColumns ? new string('-', width + 2) : new string('-', width + 1) + ":"))}|");
            }
        }
        output.WriteLine();

        string Pad(string cell, int column) => column < textColumns ? cell.PadRight(widths[column]) : cell.PadLeft(widths[column]);
    }
}
