using Carillon.Topics;

namespace Carillon.Engines;

/// <summary>What every engine needs to know.</summary>
public sealed record EngineOptions
{
    /// <summary>The shortest dedupe window an engine may have.</summary>
    public static readonly TimeSpan MinDedupeWindow = TimeSpan.FromMinutes(10);

    /// <summary>How long a message id stays known. Default and least: 10 minutes.</summary>
    public TimeSpan DedupeWindow { get; init; } = MinDedupeWindow;

    /// <summary>Retention of topics that have none of their own. Default: everything is kept; in memory what <see cref="Hubs.InMemoryHubStorage.DefaultRetention"/> says.</summary>
    public Retention Retention { get; init; } = Retention.Everything;

    /// <summary>Retention by topic, in place of <see cref="Retention"/>.</summary>
    public IReadOnlyDictionary<TopicName, Retention> TopicRetention { get; init; } = new Dictionary<TopicName, Retention>();

    /// <summary>The retention that holds for <paramref name="topic"/>.</summary>
    public Retention RetentionOf(TopicName topic) => TopicRetention.GetValueOrDefault(topic, Retention);
}
