using Carillon.Consumers;
using Carillon.Errors;

namespace Carillon.Sqlite.Writing;

/// <summary>Adds or replaces live subscriptions.</summary>
internal sealed class AddSubscriptionsOperation(IReadOnlyList<SubscriptionRecord> subscriptions) : WriteOperation<Error?>
{
    /// <inheritdoc/>
    public override int Weight => Math.Max(1, subscriptions.Count);

    /// <inheritdoc/>
    protected override Error? Write(WriterConnection writer)
    {
        foreach (SubscriptionRecord subscription in subscriptions)
        {
            writer.Consumers.Add(subscription);
        }

        return null;
    }

    /// <inheritdoc/>
    protected override Error? Refuse(Error error) => error;
}
