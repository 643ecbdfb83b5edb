using Carillon.AspNetCore;
using Carillon.Hubs;

namespace Carillon.Server.Settings.Hubs;

/// <summary>Finds what is wrong with several hubs, each by itself and all together.</summary>
internal static class MountedHubsCheck
{
    private static readonly string[] ApiRoutes =
        ["/healthz", "/readyz", "/openapi.json", "/messages", "/consumptions", "/clients", "/graph/state", "/stats"];

    public static IEnumerable<string> Find(MountedHubSettings settings, string name, string key)
    {
        if (!HubName.IsName(name))
        {
            yield return $"{key} is no name of a hub: it must be 1 to 64 lower-case letters, digits, '-' and '_', beginning with a letter or digit";
        }

        if (settings.Path is { } path && path != "/" && !RouteSettings.IsRoute(path))
        {
            yield return $"{key}:Path must be / or a route such as /chat, but is '{path}'";
        }

        foreach (string problem in settings.Routes.Check($"{key}:Routes").Concat(HubSettingsCheck.Find(settings, key)))
        {
            yield return problem;
        }
    }

    /// <summary>Routes that two of them, or the server's own <c>/metrics</c>, would answer.</summary>
    public static IEnumerable<string> FindShared(IReadOnlyDictionary<string, MountedHubSettings> hubs, string key)
    {
        var taken = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase) { ["/metrics"] = "the server" };
        foreach ((string name, MountedHubSettings settings) in hubs)
        {
            foreach (string route in RoutesOf(settings, name))
            {
                if (!taken.TryAdd(route, $"hub '{name}'"))
                {
                    yield return $"{key}:{name} would answer on {route}, where {taken[route]} does; give it another Path, or other Routes";
                    break;
                }
            }
        }
    }

    private static IEnumerable<string> RoutesOf(MountedHubSettings settings, string name)
    {
        HubRoutes routes = settings.Routes.ToRoutes();
        string path = settings.PathOf(name).TrimEnd('/');
        IEnumerable<string> api = routes.Api is { } prefix ? ApiRoutes.Select(route => prefix + route) : [];
        IEnumerable<string> topics = routes.Topics is { } begin ? [$"{begin}/topics"] : [];
        return new[] { routes.Publish, routes.WebSocket, routes.Events, routes.SocketIO }.OfType<string>().Concat(api).Concat(topics).Select(route => path + route);
    }
}
