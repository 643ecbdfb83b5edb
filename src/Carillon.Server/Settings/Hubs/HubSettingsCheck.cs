using Carillon.Engines;
using Carillon.Server.Settings.Topics;
using Carillon.SocketIO.EngineIO;
using Carillon.Topics.Patterns;

namespace Carillon.Server.Settings.Hubs;

/// <summary>Finds what is wrong with the settings of one hub.</summary>
internal static class HubSettingsCheck
{
    // A payload passes through frames and buffers whose lengths are ints, and through the Socket.IO payload limit.
    private const int MostPayloadBytes = 512 * 1024;

    public static IEnumerable<string> Find(HubSettings settings, string key) => FindOwn(settings, key)
        .Concat(settings.Retention.Check($"{key}:Retention"))
        .Concat(settings.Monitors?.Check($"{key}:Monitors") ?? [])
        .Concat(settings.Rules.Check($"{key}:Rules"))
        .Concat(settings.Topics.SelectMany((topic, index) => topic.Check($"{key}:Topics:{index}", settings.MaxPayloadBytes, SegmentsOf(settings))))
        .Concat(settings.SocketIO.Check($"{key}:SocketIO"))
        .Concat(FindTopicsTwice(settings.Topics, key));

    private static IEnumerable<string> FindOwn(HubSettings settings, string key)
    {
        if (settings.DedupeWindow < EngineOptions.MinDedupeWindow)
        {
            yield return $"{key}:DedupeWindow must be at least {EngineOptions.MinDedupeWindow}, but is {settings.DedupeWindow}";
        }

        foreach ((string name, int value) in new[]
        {
            (nameof(settings.MaxTopics), settings.MaxTopics),
            (nameof(settings.MaxSubscriptions), settings.MaxSubscriptions),
            (nameof(settings.MaxPayloadBytes), settings.MaxPayloadBytes),
        })
        {
            if (value < 1)
            {
                yield return $"{key}:{name} must be at least 1, but is {value}";
            }
        }

        if (!TopicSegments.IsSeparator(settings.SegmentSeparator))
        {
            yield return $"{key}:SegmentSeparator must be a punctuation mark or symbol of ASCII other than '*', '>' and '$', but is '{settings.SegmentSeparator}'";
        }

        if (settings.MaxPayloadBytes > MostPayloadBytes)
        {
            yield return $"{key}:MaxPayloadBytes must be at most {MostPayloadBytes}, but is {settings.MaxPayloadBytes}";
        }

        foreach (string origin in settings.AllowedOrigins.Where(origin => !EngineIOOptions.IsOrigin(origin)))
        {
            yield return $"{key}:AllowedOrigins must hold '*', names such as *.example.org or origins such as https://example.org, but holds '{origin}'";
        }
    }

    private static TopicSegments SegmentsOf(HubSettings settings) =>
        TopicSegments.IsSeparator(settings.SegmentSeparator) ? new TopicSegments(settings.SegmentSeparator) : new TopicSegments();

    private static IEnumerable<string> FindTopicsTwice(IReadOnlyList<TopicSettings> topics, string key) => topics
        .GroupBy(static topic => topic.Name, StringComparer.Ordinal)
        .Where(static same => same.Count() > 1)
        .Select(same => $"{key}:Topics names '{same.Key}' more than once");
}
