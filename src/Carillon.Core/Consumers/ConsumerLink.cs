using Carillon.Topics;

namespace Carillon.Consumers;

/// <summary>A consumer is subscribed to a topic or has consumed from it.</summary>
/// <param name="Topic">The topic.</param>
/// <param name="Consumer">The consumer's name.</param>
public sealed record ConsumerLink(TopicName Topic, string Consumer);
