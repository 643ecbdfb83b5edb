namespace Carillon.Hubs;

/// <summary>What happens to a publish on a topic that does not exist.</summary>
public enum UnknownTopics
{
    /// <summary>The topic is created: the default.</summary>
    Create,

    /// <summary>The publish is refused as <see cref="Errors.ErrorCode.TopicNotFound"/>; a topic comes into being when it is configured or first subscribed to.</summary>
    Reject,

    /// <summary>Only topics that the hub was composed of exist: publishing and subscribing to others is refused as <see cref="Errors.ErrorCode.TopicNotFound"/>.</summary>
    Closed,
}
