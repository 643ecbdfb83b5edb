namespace Carillon.Resuming;

/// <summary>A place in a topic's history: just after the message of that offset.</summary>
/// <param name="Epoch">The history that the offset counts in.</param>
/// <param name="Offset">The last message before the place; 0 is before the first.</param>
public readonly record struct Position(string Epoch, long Offset);
