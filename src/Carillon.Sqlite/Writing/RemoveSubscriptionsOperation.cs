using Carillon.Errors;
using Carillon.Topics;

namespace Carillon.Sqlite.Writing;

/// <summary>Removes live subscriptions of a session.</summary>
/// <param name="sessionId">Whose.</param>
/// <param name="topics">Which; all when null.</param>
internal sealed class RemoveSubscriptionsOperation(string sessionId, IReadOnlyList<TopicName>? topics) : WriteOperation<Error?>
{
    /// <inheritdoc/>
    public override int Weight => Math.Max(1, topics?.Count ?? 1);

    /// <inheritdoc/>
    protected override Error? Write(WriterConnection writer)
    {
        if (topics is null)
        {
            writer.Consumers.RemoveSession(sessionId);
            return null;
        }

        foreach (TopicName topic in topics)
        {
            writer.Consumers.Remove(sessionId, topic);
        }

        return null;
    }

    /// <inheritdoc/>
    protected override Error? Refuse(Error error) => error;
}
