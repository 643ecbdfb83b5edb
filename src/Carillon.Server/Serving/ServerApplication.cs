using System.Net;
using System.Reflection;
using Carillon.AspNetCore.Authentication;
using Carillon.AspNetCore.Http;
using Carillon.Connections.Upgrades;
using Carillon.Server.Composing;
using Carillon.Server.Logging;
using Carillon.Server.Reloading;
using Carillon.Server.Settings;
using Carillon.Server.Settings.Reading;

namespace Carillon.Server.Serving;

/// <summary>The composition root: settings in, a web application out.</summary>
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
            return (null, [UnreadableFile.Describe(unreadable)]);
        }

        builder.Configuration.AddInMemoryCollection(commandLine);
        var source = new SettingsSource(builder.Configuration);
        SettingsReading reading = source.Read([]);
        if (reading.Plan is not { } plan)
        {
            return (null, reading.Problems);
        }

        ServerSettings settings = plan.Settings;
        ConfigureLogging(builder.Logging);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(IPAddress.Parse(settings.Host), settings.Port);
        });
        builder.WebHost.UseCarillonConnections();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = ShutdownTimeout);
        builder.Services.AddSingleton(TimeProvider.System);
        AddParts(builder.Services, plan);
        Reloads.Add(builder.Services, source, plan, reading.Fingerprint);

        WebApplication app = builder.Build();
        settings.Proxies.Use(app);
        app.UseJsonErrors();
        app.UseCors();
        if (settings.Tokens is not null)
        {
            app.UseAuthentication();
        }

        Map(app, plan);
        return (app, []);
    }

    private static void AddParts(IServiceCollection services, ServerPlan plan)
    {
        if (plan.Settings.Hubs.Count == 0)
        {
            OnlyHub.Add(services, plan);
        }
        else
        {
            SeveralHubs.Add(services, plan.Settings);
        }

        CorsPolicies.Add(services, plan.Hubs);
        if (plan.Settings.Tokens is { } tokens)
        {
            services.AddAuthentication(TokenSchemes.Any)
                .AddCarillonApiKeys(tokens.ApiKeys, request =>
                {
                    request.AllowQueryToken = tokens.AllowQueryToken;
                    request.AllowKeyHeader = tokens.AllowKeyHeader;
                })
                .AddCarillonJwt(LiveTokens.JwtOf(tokens), request => request.AllowQueryToken = tokens.AllowQueryToken)
                .AddCarillonTokens();
        }
    }

    private static void Map(WebApplication app, ServerPlan plan)
    {
        if (plan.Settings.Hubs.Count == 0)
        {
            OnlyHub.Map(app);
        }
        else
        {
            SeveralHubs.Map(app, plan);
        }
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

        // The framework writes a line for each request with a wrong token, by which anyone could fill the disk; the client is told.
        logging.AddFilter("Carillon.AspNetCore.Authentication.TokenAuthenticationHandler", LogLevel.Warning);

        // Why a start failed is told in one line by the command; the host would add a page of stack trace.
        logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Critical);
    }
}
