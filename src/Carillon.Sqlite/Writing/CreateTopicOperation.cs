using Carillon.Engines;
using Carillon.Errors;

namespace Carillon.Sqlite.Writing;

/// <summary>Makes a topic exist, with what is said of it.</summary>
internal sealed class CreateTopicOperation(StoredTopic topic) : WriteOperation<Error?>
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
