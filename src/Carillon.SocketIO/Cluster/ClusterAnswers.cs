namespace Carillon.SocketIO.Cluster;

/// <summary>What came of a question to the other nodes.</summary>
/// <param name="Messages">The answers.</param>
/// <param name="SilentNodes">How many nodes did not answer, or could not; at least 1 where the question could not be sent.</param>
internal sealed record ClusterAnswers(IReadOnlyList<ClusterMessage> Messages, int SilentNodes)
{
    public static readonly ClusterAnswers None = new([], 0);
}
