namespace Carillon.Resuming;

/// <summary>Where a subscription begins, and whether that is what was asked for.</summary>
/// <param name="Position">Every message after this place is delivered.</param>
/// <param name="Failure">Why messages that were asked for may be missing; null when none is.</param>
public readonly record struct Start(Position Position, RecoveryFailure? Failure)
{
    /// <summary>Whether every message that was asked for is delivered.</summary>
    public bool Recovered => Failure is null;
}
