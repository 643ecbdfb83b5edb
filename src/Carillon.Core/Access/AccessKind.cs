namespace Carillon.Access;

/// <summary>What somebody wants to do with a topic, or with a hub.</summary>
public enum AccessKind
{
    /// <summary>Publish a message.</summary>
    Publish,

    /// <summary>Get its messages.</summary>
    Subscribe,

    /// <summary>Watch the whole hub: listings, statistics, the graph and live events. There is no topic then.</summary>
    Monitor,
}
