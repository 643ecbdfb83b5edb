using System.Diagnostics.Metrics;
using System.Net;
using System.Reflection;
using Carillon.AspNetCore;
using Carillon.AspNetCore.Http;
using Carillon.Connections.Origins;
using Carillon.Connections.Upgrades;
using Carillon.Consumers;
using Carillon.Consumers.InMemory;
using Carillon.Engines;
using Carillon.Engines.InMemory;
using Carillon.Hubs;
using Carillon.Server.Logging;
using Carillon.Server.Settings;
using Carillon.Sqlite;
using Carillon.Topics;

namespace Carillon.Server.Serving;

/// <summary>The composition root: settings in, a web application with one hub out.</summary>
internal static class ServerApplication
{
    /// <summary>In-flight requests and farewells share this; the database's checkpoint comes after it, within the 10 s that SIGTERM promises.</summary>
    private static readonly TimeSpan ShutdownTimeout = TimeSpan.FromSeconds(7);

    public static string Version { get; } =
        typeof(ServerApplication).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    /// <summary>Builds the application, or says what is wrong with its settings.</summary>
    public static (WebApplication? App, IReadOnlyList<string> Problems) Build(Dictionary<string, string?> commandLine)
    {
        // The working directory holds appsettings.json and, by default, the database: a watcher for changes of the one would wake at each write to the other.
        WebApplicationBuilder builder;
        try
        {
            builder = WebApplication.CreateSlimBuilder(["--hostBuilder:reloadConfigOnChange=false"]);
        }
        catch (InvalidDataException unreadable)
        {
            return (null, [$"{unreadable.Message} {unreadable.GetBaseException().Message}"]);
        }

        builder.Configuration.AddInMemoryCollection(commandLine);
        (ServerSettings? settings, IReadOnlyList<string> problems) = SettingsReader.Read(builder.Configuration);
        if (settings is null)
        {
            return (null, problems);
        }

        ConfigureLogging(builder.Logging);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(IPAddress.Parse(settings.Host), settings.Port);
        });
        builder.WebHost.UseCarillonConnections();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = ShutdownTimeout);
        builder.Services.AddSingleton(TimeProvider.System);

        // Disposed by the container after the hub has stopped: that is the checkpoint and the end of the file.
        builder.Services.AddSingleton(services => SqliteDatabase.Create(
            settings.Sqlite.ToOptions(settings.Database),
            EngineOptionsOf(settings),
            services.GetRequiredService<TimeProvider>(),
            services.GetRequiredService<ILoggerFactory>()));
        builder.Services.AddCarillon(services => CreateHub(settings, services), settings.SocketIO.ToOptions(settings.AllowedOrigins));
        AddCors(builder.Services, settings.AllowedOrigins);

        WebApplication app = builder.Build();
        app.UseJsonErrors();
        app.UseCors();
        app.MapHub();
        app.MapGet("/", () => Results.Json(
            new Dictionary<string, string> { ["name"] = "Carillon", ["version"] = Version, ["api"] = "/openapi.json", ["socket_io"] = "/socket.io/" }));
        return (app, []);
    }

    private static void ConfigureLogging(ILoggingBuilder logging)
    {
        logging.ClearProviders();
        logging.AddConsole(console =>
        {
            // Standard output is for what a program reads: the line that says where the server listens.
            console.LogToStandardErrorThreshold = LogLevel.Trace;
            console.FormatterName = LineFormatter.FormatterName;
        });
        logging.AddConsoleFormatter<LineFormatter, Microsoft.Extensions.Logging.Console.ConsoleFormatterOptions>();
        logging.AddFilter("Microsoft", LogLevel.Warning);

        // Why a start failed is told in one line by the command; the host would add a page of stack trace.
        logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Critical);
    }

    private static void AddCors(IServiceCollection services, IReadOnlyList<string> origins) =>
        services.AddCors(cors => cors.AddDefaultPolicy(policy =>
        {
            policy.AllowAnyMethod().AllowAnyHeader().WithExposedHeaders("Link");
            _ = origins.Contains("*") ? policy.AllowAnyOrigin() : policy.SetIsOriginAllowed(new OriginAllowList(origins).Lists);
        }));

    private static Hub CreateHub(ServerSettings settings, IServiceProvider services)
    {
        var time = services.GetRequiredService<TimeProvider>();
        (ITopicEngine engine, IConsumerStore consumers) = settings.Engine == EngineKind.Memory
            ? (new InMemoryTopicEngine(EngineOptionsOf(settings), time), new InMemoryConsumerStore())
            : PartsOf(services.GetRequiredService<SqliteDatabase>());
        return new Hub(HubOptionsOf(settings), engine, consumers, time, services.GetService<IMeterFactory>());
    }

    private static (ITopicEngine Engine, IConsumerStore Consumers) PartsOf(SqliteDatabase database) => (database.Topics, database.Consumers);

    private static HubOptions HubOptionsOf(ServerSettings settings) => new()
    {
        UnknownTopics = settings.UnknownTopics,
        RequireIds = settings.RequireIds,
        Topics = [.. settings.Topics.Select(topic => new Topic { Name = TopicName.Create(topic.Name) })],
        MaxTopics = settings.MaxTopics,
        MaxSubscriptionsPerSession = settings.MaxSubscriptions,
        MaxPayloadBytes = settings.MaxPayloadBytes,
        Monitoring = settings.Monitoring,
    };

    private static EngineOptions EngineOptionsOf(ServerSettings settings) => new()
    {
        DedupeWindow = settings.DedupeWindow,
        Retention = settings.Retention.ToRetention(),
        TopicRetention = settings.Topics
            .Where(topic => topic.Retention is not null)
            .ToDictionary(topic => TopicName.Create(topic.Name), topic => topic.Retention!.ToRetention()),
    };
}
