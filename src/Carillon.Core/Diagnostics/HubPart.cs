namespace Carillon.Diagnostics;

/// <summary>What an application composes a hub of, its engine included, and what of it can fail.</summary>
public enum HubPart
{
    /// <summary>Who may publish to a topic. A failure refuses the publish.</summary>
    Publishers,

    /// <summary>Who may subscribe to a topic. A failure refuses the subscription; one to a pattern goes without the topic until the policy, asked again by the heartbeat, has answered.</summary>
    Subscribers,

    /// <summary>Who may monitor the hub. A failure refuses it.</summary>
    Monitors,

    /// <summary>A topic's spec. A failure refuses the publish.</summary>
    Spec,

    /// <summary>A topic's appended fields. A failure refuses the publish.</summary>
    AppendedFields,

    /// <summary>A topic's filters. A message whose filter fails carries no words, so that nobody gets it who selects by some.</summary>
    Filters,

    /// <summary>A subscriber, or the wire format in which it gets messages. A failure ends its subscription.</summary>
    Delivery,

    /// <summary>An observer of the hub. A failure costs it what it was to see.</summary>
    Observer,

    /// <summary>A rule of the hub. A client whose rule fails has not broken it.</summary>
    Rules,

    /// <summary>A topic's kept messages, which its engine could not read for a subscriber. A failure ends the subscription.</summary>
    History,

    /// <summary>The status of a verified token. One that fails counts as revoked.</summary>
    Tokens,
}
