namespace Carillon.Engines;

/// <summary>What not everyone may do with a topic, as an engine remembers it beyond the topic's composition.</summary>
public enum TopicRestriction
{
    /// <summary>Nothing: everyone may publish and subscribe.</summary>
    None = 0,

    /// <summary>Publish; everyone may subscribe.</summary>
    Publish = 1,

    /// <summary>Subscribe, and so read what is kept.</summary>
    Subscribe = 2,
}
