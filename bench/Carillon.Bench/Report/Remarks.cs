namespace Carillon.Bench.Report;

/// <summary>What a reader of the table must know to judge it.</summary>
internal static class Remarks
{
    public static IEnumerable<string> On(IReadOnlyList<Row> rows)
    {
        foreach (Row row in rows.Where(row => row.Samples.Count > 0))
        {
            double server = row.Median(sample => sample.ServerCores);
            double generator = row.Median(sample => sample.GeneratorCores);
            if (generator > server)
            {
                yield return $"{row.Work}, {row.Server}: the generator used more processor time ({generator:F2} cores) than the server ({server:F2}).";
            }
            if (generator > 0.95)
            {
                yield return $"{row.Work}, {row.Server}: the generator's one thread was busy all the time; the figure may be the generator's limit.";
            }
            double others = row.Median(sample => sample.OtherCores);
            if (others > 0.1)
            {
                yield return $"{row.Work}, {row.Server}: other processes used {others:F2} cores; an idle machine would give a higher rate.";
            }
            if (row.Lost != 0 || row.Disordered != 0)
            {
                yield return $"{row.Work}, {row.Server}: WRONG RESULT, {row.Lost} lost, {row.Disordered} disordered.";
            }
        }
    }
}
