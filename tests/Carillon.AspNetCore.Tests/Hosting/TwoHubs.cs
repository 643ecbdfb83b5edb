using System.Net;
using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Security.Claims;
using Carillon.Access;
using Carillon.AspNetCore.Authentication;
using Carillon.AspNetCore.Authentication.ApiKeys;
using Carillon.AspNetCore.Http;
using Carillon.AspNetCore.Tests.Authentication;
using Carillon.Connections.Upgrades;
using Carillon.Engines.Conformance;
using Carillon.Hubs;
using Carillon.Publishing;
using Carillon.SocketIO;
using Carillon.Topics;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Carillon.AspNetCore.Tests.Hosting;

/// <summary>
/// A shop's application with pages and a controller of its own, cookies, API keys and tokens, and two hubs: <c>/chat</c>, and <c>/shop</c> with other routes. Its clock stands still until it is moved.
/// </summary>
internal sealed class TwoHubs : IAsyncDisposable
{
    public const string ShopSecret = "the shop's secret";
    public const string Site = "https://app.example.org";
    public static readonly TimeSpan CookieTime = TimeSpan.FromHours(1);

    private readonly WebApplication _app;

    private TwoHubs(WebApplication app)
    {
        _app = app;
        Address = new Uri(app.Urls.First());
        Http = new HttpClient(new SocketsHttpHandler { UseCookies = false }) { BaseAddress = Address };
    }

    public ManualTimeProvider Time { get; private init; } = null!;

    public Uri Address { get; }

    public HttpClient Http { get; }

    public Hub Chat => _app.Services.GetRequiredService<HubDirectory>()["chat"];

    public Hub Shop => _app.Services.GetRequiredService<HubDirectory>()["shop"];

    public ApiKeyRing Keys => _app.Services.GetRequiredService<ApiKeyRing>();

    public IServiceProvider Services => _app.Services;

    public static async Task<TwoHubs> StartAsync(Action<IServiceCollection>? configure = null, Action<WebApplication>? map = null)
    {
        var time = new ManualTimeProvider();
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseCarillonConnections();
        builder.WebHost.ConfigureKestrel(static kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Services.AddSingleton<TimeProvider>(time);
        builder.Services.AddAuthentication("either")
            .AddPolicyScheme("either", null, static options => options.ForwardDefaultSelector =
                static context => context.Request.Headers.Authorization.Count > 0 ? TokenSchemes.Any : CookieAuthenticationDefaults.AuthenticationScheme)
            .AddCookie(static cookie => cookie.ExpireTimeSpan = CookieTime)
            .AddCarillonApiKeys([ApiKeyRingTests.Key("shop", ShopSecret)])
            .AddCarillonJwt(TokenMaker.Options())
            .AddCarillonTokens();
        builder.Services.AddAuthorizationBuilder()
            .AddPolicy("own-room", static policy => policy.RequireAssertion(static context =>
                context.Resource is AccessRequest request && request.Topic.Value == $"room.{context.User.Identity?.Name}"))
            .AddPolicy("faulty", static policy => policy.RequireAssertion(static bool (_) => throw new InvalidOperationException("broken")));
        builder.Services.AddControllers().AddApplicationPart(typeof(TwoHubs).Assembly);
        builder.Services.AddCarillon();
        configure?.Invoke(builder.Services);
        WebApplication app = builder.Build();
        app.UseJsonErrors();
        app.UseAuthentication();
        app.UseAuthorization();
        MapPages(app);
        app.MapControllers();
        (map ?? MapHubs)(app);
        await app.StartAsync();
        return new TwoHubs(app) { Time = time };
    }

    public static void MapHubs(WebApplication app)
    {
        app.MapHub("/chat", hub =>
        {
            hub.AddTopic(Topic.Echo("echo"));
            hub.AddTopic("room.ada", topic => topic with { Subscribers = hub.Policy("own-room") });
            hub.AddTopic("room.bob", topic => topic with { Subscribers = hub.Policy("own-room") });
            hub.AddTopic("members", static topic => topic with { Publishers = TopicAccess.Authenticated, Subscribers = TopicAccess.Authenticated });
            hub.AddTopic("faulty", topic => topic with { Subscribers = hub.Policy("faulty") });
            hub.AllowedOrigins = ["*.example.org"];
            hub.SocketIO = StillSocketIO;
        });
        app.MapHub("/shop", static hub =>
        {
            hub.Routes = new HubRoutes { Publish = "/orders/in", Api = "/api" };
            hub.Options = hub.Options with { Monitors = TopicAccess.Role("admin") };
            hub.SocketIO = StillSocketIO;
            hub.AddTopic(Topic.Echo("echo"));
            hub.AddTopic("orders", static topic => topic with { Publishers = TopicAccess.ApiKeys("shop"), Subscribers = TopicAccess.ApiKeys("shop") });
        });
        app.MapCarillonMetrics();
    }

    /// <summary>A cookie of a user who has logged in on the application's own page.</summary>
    public async Task<string> LogInAsync(string name, string role = "user")
    {
        using HttpResponseMessage response = await Http.PostAsync(new Uri($"/login?name={name}&role={role}", UriKind.Relative), content: null);
        response.EnsureSuccessStatusCode();
        return response.Headers.GetValues("Set-Cookie").Single().Split(';')[0];
    }

    public Task<SocketClient> ConnectAsync(string route, string auth = "", string namespaceName = "/", params (string Name, string Value)[] headers) =>
        SocketClient.ConnectAsync(Address, namespaceName, route, auth, headers);

    public async Task<HubApplication.Answer> PostAsync(string path, string topic, string? authorization = null, string? message = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = JsonContent.Create(new Dictionary<string, string> { ["topic"] = topic, ["message"] = message ?? "m" }),
        };
        if (authorization is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", authorization);
        }

        return await HubApplication.Answer.ReadAsync(await Http.SendAsync(request));
    }

    public async Task<HubApplication.Answer> GetAsync(string path, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        foreach ((string name, string value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await HubApplication.Answer.ReadAsync(await Http.SendAsync(request));
    }

    /// <summary>How a page of <paramref name="origin"/> is answered that asks for a stream of events.</summary>
    public async Task<HttpStatusCode> EventsStatusAsync(string path, string origin)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("Origin", origin);
        using HttpResponseMessage response = await Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        return response.StatusCode;
    }

    /// <summary>How a page of <paramref name="origin"/> is answered that asks for a WebSocket.</summary>
    public async Task<HttpStatusCode> WebSocketStatusAsync(string path, string origin)
    {
        using var socket = new ClientWebSocket();
        socket.Options.CollectHttpResponseDetails = true;
        socket.Options.SetRequestHeader("Origin", origin);
        try
        {
            await socket.ConnectAsync(new UriBuilder(Address) { Scheme = "ws", Path = path }.Uri, CancellationToken.None);
        }
        catch (WebSocketException)
        {
            // The status tells.
        }

        return socket.HttpStatusCode;
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.DisposeAsync();
    }

    // The clock is moved by minutes; nobody answers pings meanwhile.
    private static SocketIOOptions StillSocketIO => new() { PingInterval = TimeSpan.FromDays(1) };

    private static void MapPages(WebApplication app)
    {
        app.MapGet("/hello", static () => "hello");
        app.MapPost("/login", static (string name, string role, HttpContext context) => context.SignInAsync(new ClaimsPrincipal(
            new ClaimsIdentity([new Claim(ClaimTypes.Name, name), new Claim(ClaimTypes.Role, role)], "password"))));
        app.MapPost("/announce", static async (string text, HubDirectory hubs) => (await hubs["chat"].PublishAsync(
            new PublishRequest { Topic = TopicName.Create("echo"), Payload = System.Text.Encoding.UTF8.GetBytes($"\"{text}\"") }, CancellationToken.None)).Accepted);
    }
}
