using Carillon.Bench.Load;

namespace Carillon.Bench.Report;

/// <summary>One line of the table: a piece of work, the server that did it, its rounds.</summary>
internal sealed class Row(string work, string server)
{
    private readonly List<Sample> _samples = [];

    public string Work => work;

    public string Server => server;

    public IReadOnlyList<Sample> Samples => _samples;

    public long Lost { get; private set; }

    public long Disordered { get; private set; }

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
