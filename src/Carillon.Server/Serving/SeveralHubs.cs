using Carillon.Access;
using Carillon.AspNetCore;
using Carillon.Server.Composing;
using Carillon.Server.Settings;
using Carillon.Server.Settings.Hubs;
using Carillon.Sqlite;

namespace Carillon.Server.Serving;

/// <summary>The hubs that settings name: each on its path, each in a database file of its own.</summary>
internal static class SeveralHubs
{
    public static void Add(IServiceCollection services, ServerSettings settings)
    {
        services.AddCarillon();
        if (settings.Engine == EngineKind.Sqlite)
        {
            services.AddCarillonSqlite(settings.DataFolder, settings.Sqlite.ToOptions(string.Empty));
        }
    }

    public static void Map(WebApplication app, ServerPlan plan)
    {
        foreach (HubPlan hub in plan.Hubs)
        {
            Map(app, hub, hub.Name!, (MountedHubSettings)hub.Settings);
        }

        app.MapCarillonMetrics().AddMonitoringGuard(plan.Settings.Monitoring, plan.Settings.MonitorsAccess ?? TopicAccess.Anyone);
    }

    private static void Map(WebApplication app, HubPlan hub, string name, MountedHubSettings settings) => app
        .MapHub(settings.PathOf(name), composition =>
        {
            composition.Name = name;
            composition.Routes = settings.Routes.ToRoutes();
            composition.Options = settings.ToOptions();
            composition.Engine = settings.ToEngineOptions();
            composition.SocketIO = settings.SocketIO.ToOptions([]);
            composition.AllowedOrigins = settings.AllowedOrigins;
            foreach (ComposedTopic composed in hub.Topics)
            {
                composition.AddTopic(composed.Topic);
            }
        })
        .RequireCors(CorsPolicies.NameOf(name));
}
