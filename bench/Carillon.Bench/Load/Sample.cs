namespace Carillon.Bench.Load;

/// <summary>The figures of one round.</summary>
/// <param name="Operations">Publishes answered, or deliveries.</param>
/// <param name="Elapsed">The measured time.</param>
/// <param name="P50">Median latency.</param>
/// <param name="P99">99th percentile of the latency.</param>
/// <param name="Maximum">The longest latency.</param>
/// <param name="ServerTime">Processor time of the server.</param>
/// <param name="GeneratorTime">Processor time of the load generator.</param>
internal sealed record Sample(
    long Operations, TimeSpan Elapsed, TimeSpan P50, TimeSpan P99, TimeSpan Maximum, TimeSpan ServerTime, TimeSpan GeneratorTime)
{
    public double PerSecond => Operations / Elapsed.TotalSeconds;

    public double ServerMicroseconds => ServerTime.TotalMicroseconds / Operations;

    public double GeneratorMicroseconds => GeneratorTime.TotalMicroseconds / Operations;

    /// <summary>Processor cores that the server kept busy.</summary>
    public double ServerCores => ServerTime / Elapsed;

    /// <summary>Processor cores that the generator kept busy.</summary>
    public double GeneratorCores => GeneratorTime / Elapsed;
}
