namespace Carillon.Topics;

/// <summary>Where fan-out finds subscriptions: at their topic, or among the patterns. Thread-safe.</summary>
internal interface ISubscriptionSet
{
    /// <summary>Makes <paramref name="added"/> live in place of <paramref name="replaced"/> in one step: no message falls between the two or reaches both.</summary>
    void Add(Subscription added, Subscription? replaced);

    /// <summary>Takes one out; one that is not there is ignored.</summary>
    void Remove(Subscription subscription);
}
