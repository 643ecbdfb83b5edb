namespace Carillon.Engines;

/// <summary>Whether an engine takes messages now.</summary>
/// <param name="Ready">True when publishes are expected to succeed.</param>
/// <param name="Reason">Why it is not ready, for an operator; null when it is.</param>
public sealed record EngineStatus(bool Ready, string? Reason = null)
{
    /// <summary>Taking messages.</summary>
    public static readonly EngineStatus Up = new(Ready: true);
}
