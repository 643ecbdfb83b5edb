namespace Carillon.Fuzz;

/// <summary>What came of fuzzing one target.</summary>
/// <param name="Target">Its name.</param>
/// <param name="Executions">How many inputs it took.</param>
/// <param name="Elapsed">In what time.</param>
/// <param name="LargestAllocation">The most memory that one input allocated, in bytes.</param>
/// <param name="HeapGrowth">How much more memory was in use after all than at the beginning, in bytes.</param>
/// <param name="Finding">What went wrong, with the input that did it; null if nothing did.</param>
public sealed record FuzzReport(string Target, long Executions, TimeSpan Elapsed, long LargestAllocation, long HeapGrowth, string? Finding)
{
    /// <summary>One line for people.</summary>
    public override string ToString() => Finding ?? FormattableString.Invariant(
        $"{Target}: {Executions:N0} executions in {Elapsed.TotalSeconds:N1} s, {Executions / Elapsed.TotalSeconds:N0}/s; one allocated at most {LargestAllocation:N0} bytes, the heap grew by {HeapGrowth:N0}");
}
