using System.Diagnostics.Metrics;
using System.Net;
using System.Security.Claims;
using Carillon.Access;
using Carillon.AspNetCore.Authentication;
using Carillon.AspNetCore.Tests.Channels;
using Carillon.AspNetCore.WebSockets;
using Carillon.Connections.Upgrades;
using Carillon.Consumers.InMemory;
using Carillon.Engines;
using Carillon.Engines.InMemory;
using Carillon.Hubs;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Carillon.AspNetCore.Tests.WebSockets;

/// <summary>An application with one hub and its WebSocket JSON at <c>/ws</c>, on a real Kestrel at a free loopback port. The token <c>anna</c> is Anna's.</summary>
internal sealed class TopicSocketApplication : IAsyncDisposable, ITokenVerifier, ITokenStatus
{
    private readonly WebApplication _app;

    private TopicSocketApplication(WebApplication app, RecordedLog log)
    {
        _app = app;
        Log = log;
    }

    public RecordedLog Log { get; }

    public Hub Hub => _app.Services.GetRequiredService<Hub>();

    public Uri Http => new(_app.Urls.First());

    public Uri Address => new UriBuilder(_app.Urls.First()) { Scheme = "ws", Path = "/sockets" }.Uri;

    /// <summary>Whether Anna's token was revoked.</summary>
    public bool IsRevoked { get; set; }

    string ITokenVerifier.Type => "name";

    public static async Task<TopicSocketApplication> StartAsync(bool held, HubOptions? options = null, TopicSocketOptions? sockets = null)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        var log = new RecordedLog("Carillon.ChannelSockets", "Carillon.WebSockets");
        builder.Logging.ClearProviders();
        builder.Logging.AddProvider(log);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        if (held)
        {
            builder.WebHost.UseCarillonConnections();
        }

        TopicSocketApplication? application = null;
        builder.Services.AddSingleton(_ => new TokenVerifiers([application!]));
        builder.Services.AddCarillon(services => new Hub(
            options ?? new HubOptions(),
            new InMemoryTopicEngine(new EngineOptions(), TimeProvider.System),
            new InMemoryConsumerStore(),
            TimeProvider.System,
            services.GetService<IMeterFactory>())); // A meter of the process would be seen by other applications' tests.
        WebApplication app = builder.Build();
        application = new TopicSocketApplication(app, log);
        app.MapHub();
        TopicSocketEndpoint.Map(app, application.Hub, "/sockets", sockets);
        await app.StartAsync();
        return application;
    }

    public Task<TopicSocketClient> ConnectAsync(string? subprotocol = null) => TopicSocketClient.ConnectAsync(Address, subprotocol);

    public Task StopAsync() => _app.StopAsync();

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    ValueTask<TokenResult> ITokenVerifier.VerifyAsync(string token, CancellationToken cancellationToken)
    {
        var identity = new ClaimsIdentity([new Claim(ClaimTypes.Name, token)], "name");
        return new ValueTask<TokenResult>(token == "anna" && !IsRevoked
            ? TokenResult.Verified(new VerifiedToken(new ClaimsPrincipal(identity), Status: this))
            : TokenResult.Refused("The token is nobody's"));
    }
}
