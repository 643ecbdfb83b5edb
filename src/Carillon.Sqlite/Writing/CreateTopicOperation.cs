using Carillon.Engines;
using Carillon.Errors;
using Carillon.Topics;

namespace Carillon.Sqlite.Writing;

/// <summary>Makes a topic exist, with the retention that it has from now on.</summary>
internal sealed class CreateTopicOperation(TopicName topic, Retention? retention) : WriteOperation<Error?>
{
    /// <inheritdoc/>
    protected override Error? Write(WriterConnection writer)
    {
        writer.Messages.Create(topic, retention);
        return null;
    }

    /// <inheritdoc/>
    protected override Error? Refuse(Error error) => error;
}
