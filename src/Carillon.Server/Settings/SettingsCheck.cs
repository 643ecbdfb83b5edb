using System.Net;
using Carillon.Engines;
using Carillon.SocketIO.EngineIO;

namespace Carillon.Server.Settings;

/// <summary>Finds what is wrong with settings; every finding names its setting.</summary>
internal static class SettingsCheck
{
    public static IReadOnlyList<string> Problems(ServerSettings settings) => [.. Find(settings)];

    private static IEnumerable<string> Find(ServerSettings settings)
    {
        const string Section = ServerSettings.Section;
        if (!IPAddress.TryParse(settings.Host, out _))
        {
            yield return $"{Section}:Host must be an IP address such as 0.0.0.0, 127.0.0.1 or ::, but is '{settings.Host}'";
        }

        if (settings.Port is < 0 or > 65535)
        {
            yield return $"{Section}:Port must be between 0 and 65535, but is {settings.Port}";
        }

        if (settings.Engine == EngineKind.Sqlite && string.IsNullOrWhiteSpace(settings.Database))
        {
            yield return $"{Section}:Database must name a file";
        }

        if (settings.DedupeWindow < EngineOptions.MinDedupeWindow)
        {
            yield return $"{Section}:DedupeWindow must be at least {EngineOptions.MinDedupeWindow}, but is {settings.DedupeWindow}";
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
                yield return $"{Section}:{name} must be at least 1, but is {value}";
            }
        }

        // A payload passes through frames and buffers whose lengths are ints, and through the Socket.IO payload limit.
        const int MostPayloadBytes = 512 * 1024;
        if (settings.MaxPayloadBytes > MostPayloadBytes)
        {
            yield return $"{Section}:MaxPayloadBytes must be at most {MostPayloadBytes}, but is {settings.MaxPayloadBytes}";
        }

        foreach (string origin in settings.AllowedOrigins.Where(origin => !EngineIOOptions.IsOrigin(origin)))
        {
            yield return $"{Section}:AllowedOrigins must hold '*', names such as *.example.org or origins such as https://example.org, but holds '{origin}'";
        }

        IEnumerable<string> nested = settings.Retention.Check($"{Section}:Retention")
            .Concat(settings.Topics.SelectMany((topic, index) => topic.Check($"{Section}:Topics:{index}")))
            .Concat(settings.Sqlite.Check($"{Section}:Sqlite"))
            .Concat(settings.SocketIO.Check($"{Section}:SocketIO"));
        foreach (string problem in nested)
        {
            yield return problem;
        }

        foreach (IGrouping<string, TopicSettings> same in settings.Topics.GroupBy(topic => topic.Name, StringComparer.Ordinal).Where(same => same.Count() > 1))
        {
            yield return $"{Section}:Topics names '{same.Key}' more than once";
        }
    }
}
