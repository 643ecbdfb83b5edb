using System.Net;
using Carillon.Server.Settings.Hubs;

namespace Carillon.Server.Settings;

/// <summary>Finds what is wrong with settings; every finding begins with its setting's key.</summary>
internal static class SettingsCheck
{
    private const string Section = ServerSettings.Section;

    public static IReadOnlyList<string> Problems(ServerSettings settings) =>
    [
        .. FindOwn(settings),
        .. settings.Sqlite.Check($"{Section}:Sqlite"),
        .. settings.Proxies.Check($"{Section}:Proxies"),
        .. settings.Tokens?.Check($"{Section}:Tokens") ?? [],
        .. settings.Hubs.Count == 0 ? HubSettingsCheck.Find(settings, Section) : FindInHubs(settings),
    ];

    private static IEnumerable<string> FindOwn(ServerSettings settings)
    {
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

        if (settings.Engine == EngineKind.Sqlite && string.IsNullOrWhiteSpace(settings.DataFolder))
        {
            yield return $"{Section}:DataFolder must name a folder";
        }

        TimeSpan most = TimeSpan.FromHours(1);
        if (settings.ReloadInterval != TimeSpan.Zero && (settings.ReloadInterval < TimeSpan.FromMilliseconds(100) || settings.ReloadInterval > most))
        {
            yield return $"{Section}:ReloadInterval must be zero, or between 0.1 s and {most}, but is {settings.ReloadInterval}";
        }
    }

    private static IEnumerable<string> FindInHubs(ServerSettings settings) => (settings.Monitors?.Check($"{Section}:Monitors") ?? [])
        .Concat(settings.Hubs.SelectMany(hub => MountedHubsCheck.Find(hub.Value, hub.Key, $"{Section}:Hubs:{hub.Key}")))
        .Concat(MountedHubsCheck.FindShared(settings.Hubs, $"{Section}:Hubs"));
}
