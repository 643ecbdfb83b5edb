using Carillon.Hubs;
using Carillon.Server.Composing;
using Carillon.Topics;

namespace Carillon.Server.Reloading;

/// <summary>The settings in force, and how others take their place while the server runs: topics and tokens, all of them or none. One call at a time.</summary>
/// <param name="start">What the server was started with.</param>
/// <param name="findHub">A hub of the server by its name; null names the only one.</param>
/// <param name="tokens">Its tokens; null if it was started without any.</param>
/// <param name="logger">Tells what changed.</param>
internal sealed partial class LiveSettings(ServerPlan start, Func<string?, Hub> findHub, LiveTokens? tokens, ILogger<LiveSettings> logger)
{
    private const int MostNamesLogged = 50;

    private readonly HubPlan[] _hubs = [.. start.Hubs];

    /// <summary>The files beside those of the configuration that belong to the settings in force.</summary>
    public IReadOnlyCollection<string> Files { get; private set; } = start.Files;

    /// <summary>Puts changed settings in force, as far as that goes without a restart. What is not in force then comes with the next call.</summary>
    public async Task<Reload> ApplyAsync(ServerPlan next, CancellationToken cancellationToken)
    {
        // First what changes nothing: of settings that are refused nothing is in force.
        if (tokens is not null && LiveTokens.Check(next.Settings.Tokens) is { Count: > 0 } wrong)
        {
            return Reload.Refused(wrong);
        }

        // A hub that is not in the changed settings stays as it is until the next start.
        HubPlan[] hubs = [.. _hubs.Select(hub => next.Hubs.FirstOrDefault(other => other.Name == hub.Name) ?? hub)];
        TopicChanges[] changes = [.. _hubs.Zip(hubs, (before, after) => new TopicChanges(findHub(after.Name), before, after))];
        foreach (TopicChanges change in changes)
        {
            if (await change.PrepareAsync(cancellationToken) is { } problem)
            {
                return Reload.Refused([problem]);
            }
        }

        if (tokens?.Replace(next.Settings.Tokens) is { Count: > 0 } problems)
        {
            return Reload.Refused(problems);
        }

        Files = next.Files;
        var faults = new List<string>();
        foreach ((int index, TopicChanges change) in changes.Index())
        {
            IReadOnlyDictionary<TopicName, string> failed = await change.ApplyAsync(cancellationToken);
            _hubs[index] = change.Without(failed);
            faults.AddRange(failed.Values);
            LogChange(change, failed);
        }

        if (faults.Count > 0)
        {
            return new Reload(faults, IsInForce: true);
        }

        LogReloaded(tokens is null ? 0 : next.Settings.Tokens?.ApiKeys.Count ?? 0);
        if (SettingsDifference.FindFixed(start, next) is { Count: > 0 } later)
        {
            LogRestart(string.Join(", ", later));
        }

        return new Reload([], IsInForce: true);
    }

    private void LogChange(TopicChanges change, IReadOnlyDictionary<TopicName, string> failed)
    {
        TopicName[] added = NamesOf(change.Added);
        TopicName[] changed = NamesOf(change.Changed);
        if (added.Length + changed.Length + change.Removed.Count > 0)
        {
            LogTopics(change.Key, Names(added), Names(changed), Names(change.Removed));
        }

        TopicName[] NamesOf(IReadOnlyList<Topic> topics) => [.. topics.Select(static topic => topic.Name).Where(name => !failed.ContainsKey(name))];
    }

    private static string Names<T>(IReadOnlyCollection<T> names) => names.Count switch
    {
        0 => "none",
        <= MostNamesLogged => string.Join(", ", names),
        _ => $"{string.Join(", ", names.Take(MostNamesLogged))} and {names.Count - MostNamesLogged} more",
    };

    [LoggerMessage(1, LogLevel.Information, "{Hub}:Topics: added {Added}; composed anew {Changed}; removed {Removed}")]
    private partial void LogTopics(string hub, string added, string changed, string removed);

    [LoggerMessage(2, LogLevel.Information, "The changed settings are in force, with {Keys} API keys")]
    private partial void LogReloaded(int keys);

    [LoggerMessage(3, LogLevel.Warning, "These changed settings come into force with the next start: {Settings}")]
    private partial void LogRestart(string settings);
}
