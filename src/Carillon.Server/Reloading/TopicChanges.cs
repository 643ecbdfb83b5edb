using Carillon.Engines;
using Carillon.Errors;
using Carillon.Hubs;
using Carillon.Server.Composing;
using Carillon.Topics;

namespace Carillon.Server.Reloading;

/// <summary>What changed settings say of the topics of one hub.</summary>
internal sealed class TopicChanges
{
    private readonly Hub _hub;
    private readonly HubPlan _before;
    private readonly HubPlan _after;
    private readonly IReadOnlyList<TopicName> _created;

    public TopicChanges(Hub hub, HubPlan before, HubPlan after)
    {
        _hub = hub;
        _before = before;
        _after = after;
        Key = after.Key;
        Added = [.. after.Topics.Select(static composed => composed.Topic).Where(topic => before.Find(topic.Name) is null)];
        Changed = [.. after.Topics
            .Where(composed => before.Find(composed.Topic.Name) is { } old && old.Source != composed.Source)
            .Select(composed => WithRetention(WithSubscribers(composed, before.Find(composed.Topic.Name)!), before, after))];
        _created = [.. Added.Concat(Changed).Where(topic => !topic.Ephemeral && before.Find(topic.Name)?.Topic.Ephemeral != false).Select(static topic => topic.Name)];
        Removed = [.. before.Topics.Select(static composed => composed.Topic.Name).Where(name => after.Find(name) is null)];
    }

    /// <summary>Where the hub's settings stand.</summary>
    public string Key { get; }

    public IReadOnlyList<Topic> Added { get; }

    public IReadOnlyList<Topic> Changed { get; }

    public IReadOnlyList<TopicName> Removed { get; }

    /// <summary>Does what can fail, before anything is changed: the engine gets room for topics that are new to it.</summary>
    /// <returns>Null, or why it could not.</returns>
    public async Task<string?> PrepareAsync(CancellationToken cancellationToken)
    {
        foreach (TopicName name in _created)
        {
            // What an earlier topic of that name may have left stays as it is until the changes are in force.
            if (await _hub.Engine.DescribeAsync(name, cancellationToken) is null && await _hub.Engine.CreateAsync(new StoredTopic(name), cancellationToken) is { } error)
            {
                return Describe(name, error);
            }
        }

        return null;
    }

    /// <summary>Puts the changes in force. Who may not have a topic any more is told.</summary>
    /// <returns>Which topics it was not possible for although it was prepared, and why.</returns>
    public async Task<IReadOnlyDictionary<TopicName, string>> ApplyAsync(CancellationToken cancellationToken)
    {
        var problems = new Dictionary<TopicName, string>();
        foreach (TopicName name in Removed)
        {
            await _hub.RemoveTopicAsync(name);
        }

        foreach (Topic topic in Changed.Concat(Added))
        {
            if (await _hub.AddTopicAsync(topic, cancellationToken) is { } error)
            {
                problems.Add(topic.Name, Describe(topic.Name, error));
            }
        }

        return problems;
    }

    /// <summary>What is in force when the changes are but for some topics, which are as they were: so they are found changed the next time.</summary>
    public HubPlan Without(IReadOnlyDictionary<TopicName, string> failed) =>
        _after with { Topics = [.. _after.Topics.Select(composed => failed.ContainsKey(composed.Topic.Name) ? _before.Find(composed.Topic.Name) : composed).OfType<ComposedTopic>()] };

    // The same object, so that the hub asks nobody anew.
    private static Topic WithSubscribers(ComposedTopic changed, ComposedTopic before) =>
        changed.Subscribers == before.Subscribers ? changed.Topic with { Subscribers = before.Topic.Subscribers } : changed.Topic;

    // The engine has the retention that a topic had at its start from its options, and would go back to it.
    private static Topic WithRetention(Topic topic, HubPlan before, HubPlan after) =>
        topic is { Ephemeral: false, Retention: null } && before.Find(topic.Name)!.Topic.Retention is not null ? topic with { Retention = after.EngineOptions.Retention } : topic;

    private string Describe(TopicName name, Error error) => $"{Key}:Topics: topic '{name}' could not be created: {error.Message}";
}
