using Carillon.Topics;

namespace Carillon.Engines;

/// <summary>Which engine has a topic: the hub's own, or the one in memory for topics that are ephemeral.</summary>
internal sealed class EngineChoice(ITopicEngine stored, ITopicEngine ephemeral, TopicRegistry topics)
{
    /// <summary>The engine that has the topic, or would have it.</summary>
    public ITopicEngine Of(TopicName topic) => topics.Find(topic) is { Composition.Ephemeral: true } ? ephemeral : stored;
}
