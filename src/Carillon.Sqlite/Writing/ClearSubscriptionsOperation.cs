using Carillon.Errors;

namespace Carillon.Sqlite.Writing;

/// <summary>Forgets every live subscription: those of an earlier run, whose connections are gone.</summary>
internal sealed class ClearSubscriptionsOperation : WriteOperation<Error?>
{
    /// <inheritdoc/>
    protected override Error? Write(WriterConnection writer)
    {
        writer.Consumers.Clear();
        return null;
    }

    /// <inheritdoc/>
    protected override Error? Refuse(Error error) => error;
}
