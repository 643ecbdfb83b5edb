namespace Carillon.Bench.Load;

/// <summary>The figures of one round.</summary>
/// <param name="Operations">Publishes answered, deliveries, or connections made.</param>
/// <param name="Elapsed">The measured time.</param>
/// <param name="P50">Median latency.</param>
/// <param name="P99">99th percentile of the latency.</param>
/// <param name="Maximum">The longest latency.</param>
/// <param name="Spent">Processor time in the measured time.</param>
internal sealed record Sample(long Operations, TimeSpan Elapsed, TimeSpan P50, TimeSpan P99, TimeSpan Maximum, ProcessorTimes Spent)
{
    /// <summary>Resident memory of the server for each operation, where it was measured.</summary>
    public double? BytesEach { get; init; }

    /// <summary>How long the clients that never read were kept after they could take nothing more, where there were any.</summary>
    public TimeSpan? CutAfter { get; init; }

    public double PerSecond => Operations / Elapsed.TotalSeconds;

    public double ServerMicroseconds => Spent.Server.TotalMicroseconds / Operations;

    public double GeneratorMicroseconds => Spent.Generator.TotalMicroseconds / Operations;

    /// <summary>Processor cores that the server kept busy.</summary>
    public double ServerCores => Spent.Server / Elapsed;

    /// <summary>Processor cores that the generator kept busy.</summary>
    public double GeneratorCores => Spent.Generator / Elapsed;

    /// <summary>Processor cores that others kept busy; they disturb the measurement.</summary>
    public double OtherCores => Math.Max(0, (Spent.Machine - Spent.Server - Spent.Generator) / Elapsed);
}
