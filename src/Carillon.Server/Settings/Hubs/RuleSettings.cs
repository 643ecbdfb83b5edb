using Carillon.Rules;

namespace Carillon.Server.Settings.Hubs;

/// <summary>What every client of a hub has to keep to; who does not is told and disconnected. What is not set is not asked for.</summary>
public sealed class RuleSettings
{
    /// <summary>How often a client must ping at least, where its protocol has a ping of its own.</summary>
    public TimeSpan? PingInterval { get; init; }

    /// <summary>How many subscriptions a client must hold at least.</summary>
    public SubscriptionFloorSettings? SubscriptionFloor { get; init; }

    /// <summary>How many subscriptions a client may hold at most.</summary>
    public int? SubscriptionCeiling { get; init; }

    internal IReadOnlyList<IHubRule> ToRules() =>
    [
        .. new[]
        {
            PingInterval is { } interval ? HubRule.PingInterval(interval) : null,
            SubscriptionFloor is { } floor ? HubRule.MinSubscriptions(floor.Count, floor.Grace) : null,
            SubscriptionCeiling is { } ceiling ? HubRule.MaxSubscriptions(ceiling) : null,
        }.OfType<IHubRule>(),
    ];

    internal IEnumerable<string> Check(string key)
    {
        if (PingInterval <= TimeSpan.Zero)
        {
            yield return $"{key}:PingInterval must be longer than zero, but is {PingInterval}";
        }

        if (SubscriptionFloor?.Count < 1)
        {
            yield return $"{key}:SubscriptionFloor:Count must be at least 1, but is {SubscriptionFloor.Count}";
        }

        if (SubscriptionFloor?.Grace < TimeSpan.Zero)
        {
            yield return $"{key}:SubscriptionFloor:Grace must not be negative, but is {SubscriptionFloor.Grace}";
        }

        if (SubscriptionCeiling < 0)
        {
            yield return $"{key}:SubscriptionCeiling must not be negative, but is {SubscriptionCeiling}";
        }

        if (SubscriptionFloor?.Count > SubscriptionCeiling)
        {
            yield return $"{key}:SubscriptionFloor:Count must not be above SubscriptionCeiling: no client could keep to both";
        }
    }
}
