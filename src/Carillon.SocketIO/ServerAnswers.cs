namespace Carillon.SocketIO;

/// <summary>What came of an event that asked the other nodes' servers.</summary>
/// <typeparam name="T">What each answers.</typeparam>
/// <param name="Answers">The answers, in no order; a node without a handler for the event gives none.</param>
public sealed record ServerAnswers<T>(IReadOnlyList<T> Answers)
{
    /// <summary>
    /// How many nodes did not answer in time or could not be asked, as far as is known, or answered something that is no <typeparamref name="T"/>; 0 where all did, or where there
    /// is no other.
    /// </summary>
    public int SilentNodes { get; init; }
}
