using Carillon.Topics.Filters;

namespace Carillon.Topics;

/// <summary>Which messages of its topic are delivered for a subscription.</summary>
/// <param name="Owner">The subscription.</param>
/// <param name="Filter">What it selects; null for all.</param>
/// <param name="After">Only messages behind this offset are its own.</param>
internal readonly record struct Share(Subscription Owner, SubscriptionFilter? Filter, long After = 0);
