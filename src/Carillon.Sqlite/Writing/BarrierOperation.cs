using Carillon.Errors;

namespace Carillon.Sqlite.Writing;

/// <summary>Writes nothing; complete when everything queued before it is.</summary>
internal sealed class BarrierOperation : WriteOperation<bool>
{
    /// <inheritdoc/>
    protected override bool Write(WriterConnection writer) => true;

    /// <inheritdoc/>
    protected override bool Refuse(Error error) => false;
}
