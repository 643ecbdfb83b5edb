using Carillon.Server.Settings;
using Carillon.Server.Settings.Hubs;
using Carillon.Server.Settings.Topics;

namespace Carillon.Server.Composing;

/// <summary>Everything that settings say, read and checked: what the server is composed of at start, and compared with when the settings change. Immutable.</summary>
/// <param name="Settings">The settings.</param>
/// <param name="Hubs">Its hubs; the only one where no hubs are named.</param>
internal sealed record ServerPlan(ServerSettings Settings, IReadOnlyList<HubPlan> Hubs)
{
    /// <summary>The plan, or what is wrong with the files that the settings name.</summary>
    public static (ServerPlan? Plan, IReadOnlyList<string> Problems) Create(ServerSettings settings)
    {
        var problems = new List<string>();
        HubPlan[] hubs = settings.Hubs.Count == 0
            ? [PlanOf(null, ServerSettings.Section, settings, problems)]
            : [.. settings.Hubs.Select(hub => PlanOf(hub.Key, $"{ServerSettings.Section}:Hubs:{hub.Key}", hub.Value, problems))];
        return problems.Count == 0 ? (new ServerPlan(settings, hubs), []) : (null, problems);
    }

    /// <summary>The files beside those of the configuration whose contents are part of the settings.</summary>
    public IReadOnlyCollection<string> Files =>
    [
        .. Hubs.SelectMany(static hub => hub.Settings.Topics)
            .Select(static topic => topic.Spec?.SchemaFile)
            .Concat(Settings.Tokens?.Jwt?.Keys.Select(static key => key.PublicKeyFile) ?? [])
            .OfType<string>(),
    ];

    private static HubPlan PlanOf(string? name, string key, HubSettings settings, List<string> problems)
    {
        var topics = new List<ComposedTopic>();
        foreach ((int index, TopicSettings topic) in settings.Topics.Index())
        {
            (ComposedTopic? composed, string? problem) = TopicComposer.Compose(topic, $"{key}:Topics:{index}");
            if (composed is null)
            {
                problems.Add(problem!);
            }
            else
            {
                topics.Add(composed);
            }
        }

        return new HubPlan(name, key, settings, topics);
    }
}
