using System.Diagnostics.Metrics;
using Carillon.AspNetCore;
using Carillon.Consumers;
using Carillon.Engines;
using Carillon.Hubs;
using Carillon.Server.Composing;
using Carillon.Server.Settings;
using Carillon.Sqlite;

namespace Carillon.Server.Serving;

/// <summary>The hub of a server whose settings name none: at the root, in one database file.</summary>
internal static class OnlyHub
{
    public static void Add(IServiceCollection services, ServerPlan plan)
    {
        ServerSettings settings = plan.Settings;
        HubPlan hub = plan.Hubs[0];

        // Disposed by the container after the hub has stopped: that is the checkpoint and the end of the file.
        services.AddSingleton(provider => SqliteDatabase.Create(
            settings.Sqlite.ToOptions(settings.Database),
            hub.EngineOptions,
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILoggerFactory>()));
        services.AddCarillon(provider => Create(settings, hub, provider), settings.SocketIO.ToOptions(settings.AllowedOrigins));
    }

    public static void Map(WebApplication app)
    {
        app.MapHub();
        app.MapGet("/", () => Results.Json(
            new Dictionary<string, string> { ["name"] = "Carillon", ["version"] = ServerApplication.Version, ["api"] = "/openapi.json", ["socket_io"] = "/socket.io/" }));
    }

    private static Hub Create(ServerSettings settings, HubPlan hub, IServiceProvider services)
    {
        var time = services.GetRequiredService<TimeProvider>();
        (ITopicEngine engine, IConsumerStore consumers) = settings.Engine == EngineKind.Memory
            ? PartsOf(new InMemoryHubStorage(time).Open(hub.Name ?? string.Empty, hub.EngineOptions))
            : PartsOf(services.GetRequiredService<SqliteDatabase>());
        HubOptions options = settings.ToOptions() with { Topics = [.. hub.Topics.Select(static composed => composed.Topic)] };
        return new Hub(options, engine, consumers, time, services.GetService<IMeterFactory>());
    }

    private static (ITopicEngine Engine, IConsumerStore Consumers) PartsOf(HubStores stores) => (stores.Engine, stores.Consumers);

    private static (ITopicEngine Engine, IConsumerStore Consumers) PartsOf(SqliteDatabase database) => (database.Topics, database.Consumers);
}
