namespace Carillon.Bench.Wire;

/// <summary>Called when the server has answered "ok".</summary>
/// <param name="sequence">The message.</param>
/// <param name="offset">The offset that the answer names, or -1 when the server gives none.</param>
/// <param name="now">When the answer came, in Stopwatch ticks.</param>
internal delegate void PublishAnswered(int sequence, long offset, long now);
