namespace Carillon.SocketIO;

/// <summary>What came of an event that asked many sockets for an acknowledgement.</summary>
/// <typeparam name="T">What each answers.</typeparam>
/// <param name="Answers">Who answered what, by socket id.</param>
/// <param name="Missing">Ids of the sockets that did not answer in time, left before they did, or answered something that is no <typeparamref name="T"/>.</param>
public sealed record BroadcastAnswers<T>(IReadOnlyDictionary<string, T> Answers, IReadOnlyList<string> Missing)
{
    /// <summary>
    /// How many other nodes of the server did not answer in time or could not be asked, as far as is known; 0 where all did, or where there is no other. Their sockets are in neither list.
    /// </summary>
    public int SilentNodes { get; init; }
}
