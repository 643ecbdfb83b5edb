using Carillon.Bench.Load;
using Carillon.Bench.Targets;

namespace Carillon.Bench.Report;

/// <summary>One line of the table: a piece of work, the server that did it, its rounds.</summary>
internal sealed class Row(string work, Contender contender, string server)
{
    private readonly List<Sample> _samples = [];

    public string Work => work;

    public Contender Contender => contender;

    public string Server => server;

    public IReadOnlyList<Sample> Samples => _samples;

    public long Lost { get; private set; }

    public long Disordered { get; private set; }

    public double PerSecond => Median(sample => sample.PerSecond);

    public double ServerMicroseconds => Median(sample => sample.ServerMicroseconds);

    public double P99Milliseconds => Median(sample => sample.P99.TotalMilliseconds);

    /// <summary>Resident memory of the server for each operation, in units of 1,000 bytes; null where it was not measured.</summary>
    public double? Kilobytes => _samples.All(sample => sample.BytesEach is not null) ? Median(sample => sample.BytesEach!.Value / 1000) : null;

    /// <summary>How long clients that never read were kept at most; null where there were none.</summary>
    public TimeSpan? CutAfter => _samples.Max(sample => sample.CutAfter);

    public void Add(Sample sample) => _samples.Add(sample);

    /// <summary>Counts what went wrong, in rounds that are repeated too.</summary>
    public void Judge(Verdict verdict)
    {
        Lost += verdict.Lost;
        Disordered += verdict.Disordered;
    }

    public double Median(Func<Sample, double> figure)
    {
        double[] values = [.. _samples.Select(figure).Order()];
        return (values[(values.Length - 1) / 2] + values[values.Length / 2]) / 2;
    }
}
