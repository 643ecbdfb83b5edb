using Carillon.Topics;

namespace Carillon.Engines;

/// <summary>A producer has published to a topic.</summary>
/// <param name="Producer">The producer's name.</param>
/// <param name="Topic">The topic.</param>
public sealed record ProducerLink(string Producer, TopicName Topic);
