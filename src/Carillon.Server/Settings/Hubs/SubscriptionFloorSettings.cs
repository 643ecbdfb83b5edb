using Carillon.Rules;

namespace Carillon.Server.Settings.Hubs;

/// <summary>The rule that a client holds at least so many subscriptions.</summary>
public sealed class SubscriptionFloorSettings
{
    /// <summary>How many. Default: 1.</summary>
    public int Count { get; init; } = 1;

    /// <summary>For how long it may hold fewer. Default: 30 s.</summary>
    public TimeSpan Grace { get; init; } = HubRule.DefaultGrace;
}
