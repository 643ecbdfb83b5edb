using Carillon.Consumers;
using Carillon.Errors;

namespace Carillon.Sqlite.Writing;

/// <summary>Records a consumption, once.</summary>
internal sealed class RecordConsumptionOperation(Consumption consumption) : WriteOperation<ConsumptionResult>
{
    /// <inheritdoc/>
    public override int Weight => 1 + (consumption.Message.Length / (16 * 1024));

    /// <inheritdoc/>
    protected override ConsumptionResult Write(WriterConnection writer) =>
        new(Error: null, Duplicate: !writer.Consumers.Record(consumption));

    /// <inheritdoc/>
    protected override ConsumptionResult Refuse(Error error) => new(error, Duplicate: false);
}
