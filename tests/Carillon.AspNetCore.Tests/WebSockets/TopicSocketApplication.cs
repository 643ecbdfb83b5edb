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
using Carillon.Topics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Carillon.AspNetCore.Tests.WebSockets;

/// <summary>
/// An application with one hub and its WebSocket JSON at <c>/sockets</c>, on a real Kestrel at a free loopback port. The tokens <c>anna</c> and <c>bert</c> are theirs. Of the topic <c>short</c> two
/// messages are kept.
/// </summary>
internal sealed class TopicSocketApplication : IAsyncDisposable, ITokenVerifier, ITokenStatus
{
    private static readonly EngineOptions Engine = new()
    {
        TopicRetention = new Dictionary<TopicName, Retention> { [TopicName.Create("short")] = new() { MaxCount = 2 } },
    };

    private readonly WebApplication _app;
    private readonly HttpMessageInvoker? _http2;

    private TopicSocketApplication(WebApplication app, RecordedLog log, SocketHost host)
    {
        _app = app;
        _http2 = host == SocketHost.Http2 ? new HttpMessageInvoker(new SocketsHttpHandler()) : null;
        Log = log;
    }

    public RecordedLog Log { get; }

    public Hub Hub => _app.Services.GetRequiredService<Hub>();

    /// <summary>For requests of HTTP/1.1.</summary>
    public Uri Http => new(_app.Urls.First());

    /// <summary>For WebSockets.</summary>
    public Uri Address => new UriBuilder(_http2 is null ? _app.Urls.First() : _app.Urls.Last()) { Scheme = "ws", Path = "/sockets" }.Uri;

    /// <summary>Whether all tokens were revoked.</summary>
    public bool IsRevoked { get; set; }

    /// <summary>When tokens end that are shown from now on.</summary>
    public DateTimeOffset? ExpiresAt { get; set; }

    string ITokenVerifier.Type => "name";

    public static async Task<TopicSocketApplication> StartAsync(
        SocketHost host = SocketHost.Held,
        HubOptions? options = null,
        TopicSocketOptions? sockets = null,
        Func<ITopicEngine, ITopicEngine>? wrap = null,
        TimeProvider? time = null)
    {
        time ??= TimeProvider.System;
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        var log = new RecordedLog("Carillon.ChannelSockets", "Carillon.WebSockets");
        builder.Logging.ClearProviders();
        builder.Logging.AddProvider(log);
        builder.WebHost.ConfigureKestrel(static kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0, static listen => listen.Protocols = HttpProtocols.Http1);
            kestrel.Listen(IPAddress.Loopback, 0, static listen => listen.Protocols = HttpProtocols.Http2);
        });
        if (host == SocketHost.Held)
        {
            builder.WebHost.UseCarillonConnections();
        }

        TopicSocketApplication? application = null;
        ITopicEngine engine = new InMemoryTopicEngine(Engine, time);
        builder.Services.AddSingleton(time);
        builder.Services.AddSingleton(_ => new TokenVerifiers([application!]));
        builder.Services.AddCarillon(services => new Hub(
            options ?? new HubOptions(),
            wrap?.Invoke(engine) ?? engine,
            new InMemoryConsumerStore(),
            time,
            services.GetService<IMeterFactory>())); // A meter of the process would be seen by other applications' tests.
        WebApplication app = builder.Build();
        application = new TopicSocketApplication(app, log, host);
        app.MapHub();
        TopicSocketEndpoint.Map(app, application.Hub, "/sockets", sockets);
        await app.StartAsync();
        return application;
    }

    public Task<TopicSocketClient> ConnectAsync(params string[] subprotocols) => TopicSocketClient.ConnectAsync(Address, headers: null, _http2, subprotocols);

    /// <summary>The status that a WebSocket with such headers is refused with.</summary>
    public Task<HttpStatusCode> RefusalAsync(params (string Name, string Value)[] headers) => TextSocket.RefusalAsync(Address, headers, _http2);

    /// <summary>What <c>GET</c> of a route answers.</summary>
    public async Task<HubApplication.Answer> GetAsync(string path)
    {
        using var http = new HttpClient { BaseAddress = Http };
        return await HubApplication.Answer.ReadAsync(await http.GetAsync(new Uri(path, UriKind.Relative)));
    }

    public Task StopAsync() => _app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _http2?.Dispose();
    }

    ValueTask<TokenResult> ITokenVerifier.VerifyAsync(string token, CancellationToken cancellationToken)
    {
        var identity = new ClaimsIdentity([new Claim(ClaimTypes.Name, token)], "name");
        return new ValueTask<TokenResult>(token is "anna" or "bert" && !IsRevoked
            ? TokenResult.Verified(new VerifiedToken(new ClaimsPrincipal(identity), ExpiresAt, this))
            : TokenResult.Refused("The token is nobody's"));
    }
}
