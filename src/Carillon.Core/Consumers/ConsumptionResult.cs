using Carillon.Errors;

namespace Carillon.Consumers;

/// <summary>The outcome of recording a consumption.</summary>
/// <param name="Error">Why it was not recorded; null when it is on record.</param>
/// <param name="Duplicate">True when it had been recorded before.</param>
public readonly record struct ConsumptionResult(Error? Error, bool Duplicate);
