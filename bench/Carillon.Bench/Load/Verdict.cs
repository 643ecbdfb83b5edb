namespace Carillon.Bench.Load;

/// <summary>What went wrong in one round, warm-up and drain included; both numbers must be 0.</summary>
/// <param name="Lost">Deliveries that did not come, or acknowledged messages that are not in the log.</param>
/// <param name="Disordered">Messages at another place than order allows, twice, or behind a gap.</param>
internal sealed record Verdict(long Lost, long Disordered);
