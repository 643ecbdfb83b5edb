using Carillon.Topics;
using Carillon.Topics.Filters;

namespace Carillon.Resuming;

/// <summary>What a catch-up delivers for one subscription. Guarded by the catch-up.</summary>
internal sealed class Claim(Subscription owner, SubscriptionFilter? filter)
{
    /// <summary>The subscription; another one when it was confirmed again.</summary>
    public Subscription Owner { get; set; } = owner;

    /// <summary>What is claimed of the messages; null for all.</summary>
    public SubscriptionFilter? Filter { get; } = filter;

    /// <summary>Only messages behind this offset; null as long as it is being looked up.</summary>
    public long? After { get; set; }

    /// <summary>The first message that fan-out has left to the claim, if it selects it; 0 when it has offered none.</summary>
    public long FirstLeft { get; set; }

    /// <summary>Whether it is for a subscription that is live otherwise: what another claim kept from it before that one ended.</summary>
    public bool IsHeld { get; init; }

    /// <summary>The end of the history that was only wanted as far as it is kept; 0 when each message of it was.</summary>
    public long KeptUpTo { get; set; }
}
