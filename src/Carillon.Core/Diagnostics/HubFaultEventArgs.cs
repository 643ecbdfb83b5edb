using Carillon.Topics;

namespace Carillon.Diagnostics;

/// <summary>Something of the application's that a hub is composed of has failed.</summary>
/// <param name="part">What it was.</param>
/// <param name="topic">The topic that is composed with it; null where it is the hub's.</param>
/// <param name="exception">What it threw.</param>
public sealed class HubFaultEventArgs(HubPart part, TopicName? topic, Exception exception) : EventArgs
{
    /// <summary>What it was.</summary>
    public HubPart Part { get; } = part;

    /// <summary>The topic that is composed with it; null where it is the hub's.</summary>
    public TopicName? Topic { get; } = topic;

    /// <summary>What it threw.</summary>
    public Exception Exception { get; } = exception;
}
