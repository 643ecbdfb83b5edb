namespace Carillon.Bench.Load;

/// <summary>The figures of one round.</summary>
/// <param name="Operations">Publishes answered, or deliveries.</param>
/// <param name="Elapsed">The measured time.</param>
/// <param name="P50">Median latency.</param>
/// <param name="P99">99th percentile of the latency.</param>
/// <param name="Maximum">The longest latency.</param>
/// <param name="ServerTime">Processor time of the server.</param>
/// <param name="GeneratorTime">Processor time of the load generator.</param>
/// <param name="MachineTime">Processor time of everything that ran on the machine.</param>
internal sealed record Sample(
    long Operations, TimeSpan Elapsed, TimeSpan P50, TimeSpan P99, TimeSpan Maximum, TimeSpan ServerTime, TimeSpan GeneratorTime,
    TimeSpan MachineTime)
{
    public double PerSecond => Operations / Elapsed.TotalSeconds;

    public double ServerMicroseconds => ServerTime.TotalMicroseconds / Operations;

    public double GeneratorMicroseconds => GeneratorTime.TotalMicroseconds / Operations;

    /// <summary>Processor cores that the server kept busy.</summary>
    public double ServerCores => ServerTime / Elapsed;

    /// <summary>Processor cores that the generator kept busy.</summary>
    public double GeneratorCores => GeneratorTime / Elapsed;

    /// <summary>Processor cores that others kept busy; they disturb the measurement.</summary>
    public double OtherCores => Math.Max(0, (MachineTime - ServerTime - GeneratorTime) / Elapsed);
}
