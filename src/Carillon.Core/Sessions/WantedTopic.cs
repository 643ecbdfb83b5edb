using Carillon.Resuming;
using Carillon.Topics;

namespace Carillon.Sessions;

/// <summary>A topic to subscribe to.</summary>
/// <param name="Topic">Its name.</param>
/// <param name="Since">From where on; null for new messages only.</param>
public readonly record struct WantedTopic(TopicName Topic, Since? Since = null);
