using Carillon.Engines;
using Carillon.Server.Settings.Hubs;
using Carillon.Topics;

namespace Carillon.Server.Composing;

/// <summary>What one hub is composed of.</summary>
/// <param name="Name">Its name; null for the only one.</param>
/// <param name="Key">Where its settings stand.</param>
/// <param name="Settings">Its settings.</param>
/// <param name="Topics">Its topics, checked.</param>
internal sealed record HubPlan(string? Name, string Key, HubSettings Settings, IReadOnlyList<ComposedTopic> Topics)
{
    /// <summary>Its engine's options, with the retention of single topics.</summary>
    public EngineOptions EngineOptions => Settings.ToEngineOptions() with
    {
        TopicRetention = Topics.Where(static composed => composed.Topic.Retention is not null).ToDictionary(static composed => composed.Topic.Name, static composed => composed.Topic.Retention!),
    };

    /// <summary>The topic of that name; null if there is none.</summary>
    public ComposedTopic? Find(TopicName name) => Topics.FirstOrDefault(composed => composed.Topic.Name == name);
}
