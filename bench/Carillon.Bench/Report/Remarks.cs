namespace Carillon.Bench.Report;

/// <summary>What a reader of the table must know to judge it.</summary>
internal static class Remarks
{
    private const double DisturbingCores = 0.1;

    public static IEnumerable<string> On(IReadOnlyList<Row> rows)
    {
        double[] disturbed = [.. rows.Where(row => row.Samples.Count > 0).Select(row => row.Median(sample => sample.OtherCores)).Where(cores => cores > DisturbingCores)];
        if (disturbed.Length > 0)
        {
            yield return $"In {disturbed.Length} of {rows.Count} rows other processes used up to {disturbed.Max():F2} cores: on an idle machine these figures would differ. See --calm.";
        }
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
            if (row.Lost != 0 || row.Disordered != 0)
            {
                yield return $"{row.Work}, {row.Server}: WRONG RESULT, {row.Lost} lost, {row.Disordered} disordered.";
            }
        }
    }
}
