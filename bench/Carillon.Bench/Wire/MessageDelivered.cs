namespace Carillon.Bench.Wire;

/// <summary>Called for each message that a subscriber received.</summary>
/// <param name="subscriber">The subscriber's number.</param>
/// <param name="position">How many the subscriber had received before.</param>
/// <param name="sequence">The message.</param>
/// <param name="now">When it was received, in Stopwatch ticks.</param>
internal delegate void MessageDelivered(int subscriber, int position, int sequence, long now);
