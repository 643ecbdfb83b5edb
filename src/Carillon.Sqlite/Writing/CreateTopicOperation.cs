using Carillon.Errors;
using Carillon.Topics;

namespace Carillon.Sqlite.Writing;

/// <summary>Makes a topic exist.</summary>
internal sealed class CreateTopicOperation(TopicName topic) : WriteOperation<Error?>
{
    /// <inheritdoc/>
    protected override Error? Write(WriterConnection writer)
    {
        writer.Messages.Create(topic);
        return null;
    }

    /// <inheritdoc/>
    protected override Error? Refuse(Error error) => error;
}
