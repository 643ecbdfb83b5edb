using System.Diagnostics.Metrics;
using System.Net;
using System.Text;
using Carillon.AspNetCore.Authentication;
using Carillon.AspNetCore.Events;
using Carillon.AspNetCore.Http;
using Carillon.AspNetCore.Tests.Authentication;
using Carillon.Connections.Upgrades;
using Carillon.Consumers;
using Carillon.Consumers.InMemory;
using Carillon.Engines;
using Carillon.Engines.InMemory;
using Carillon.Hubs;
using Carillon.Publishing;
using Carillon.Topics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Carillon.AspNetCore.Tests.Events;

/// <summary>An application with a hub, its event streams and two API keys (reader, other), on two ports: HTTP/1.1, and HTTP/2 without TLS.</summary>
internal sealed class EventApplication : IAsyncDisposable
{
    // Of the topic "short" two messages are kept.
    private static readonly EngineOptions Engine = new()
    {
        TopicRetention = new Dictionary<TopicName, Retention> { [TopicName.Create("short")] = new() { MaxCount = 2 } },
    };

    private readonly WebApplication _app;

    private EventApplication(WebApplication app)
    {
        _app = app;
        Http = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
    }

    public Hub Hub => _app.Services.GetRequiredService<Hub>();

    public HttpClient Http { get; }

    public static async Task<EventApplication> StartAsync(
        HubOptions? hub = null, EventStreamOptions? options = null, (ITopicEngine Engine, IConsumerStore Consumers)? storage = null, TimeProvider? time = null)
    {
        time ??= TimeProvider.System;
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseCarillonConnections();
        builder.WebHost.ConfigureKestrel(static kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0, static listen => listen.Protocols = HttpProtocols.Http1);
            kestrel.Listen(IPAddress.Loopback, 0, static listen => listen.Protocols = HttpProtocols.Http2);
        });
        builder.Services.AddAuthentication(TokenSchemes.Any)
            .AddCarillonApiKeys([ApiKeyRingTests.Key("reader", SecretOf("reader")), ApiKeyRingTests.Key("other", SecretOf("other"))])
            .AddCarillonTokens();
        builder.Services.AddSingleton(time);
        builder.Services.AddSingleton(options ?? new EventStreamOptions());
        builder.Services.AddCarillon(services => new Hub(
            hub ?? new HubOptions(),
            storage?.Engine ?? new InMemoryTopicEngine(Engine, time),
            storage?.Consumers ?? new InMemoryConsumerStore(),
            time,
            services.GetService<IMeterFactory>())); // A meter of the process would be seen by other applications' tests.
        WebApplication app = builder.Build();
        app.UseJsonErrors();
        app.UseAuthentication();
        app.MapHub();
        await app.StartAsync();
        return new EventApplication(app);
    }

    public static string SecretOf(string key) => $"secret-of-{key}-0123456789-0123456789";

    public Uri Address(string pathAndQuery, int protocol = 1) => new(new Uri(_app.Urls.ElementAt(protocol - 1)), pathAndQuery);

    public Task<EventClient> OpenAsync(string query, params (string Name, string Value)[] headers) => EventClient.OpenAsync(Address($"/events?{query}"), null, headers);

    public Task<EventClient> OpenAsync(int protocol, string query, params (string Name, string Value)[] headers) =>
        EventClient.OpenAsync(Address($"/events?{query}", protocol), new Version(protocol, protocol == 1 ? 1 : 0), headers);

    /// <summary>A client that is subscribed to all that its query names.</summary>
    public async Task<EventClient> ListenAsync(string query, params (string Name, string Value)[] headers)
    {
        EventClient client = await OpenAsync(query, headers);
        for (int topics = query.Split("topic=").Length - 1; topics > 0; topics--)
        {
            await client.NextAsync("subscribed");
        }

        return client;
    }

    public async Task<HubApplication.Answer> GetAsync(string pathAndQuery, params (string Name, string Value)[] headers) => await SendAsync(HttpMethod.Get, pathAndQuery, headers);

    public async Task<HubApplication.Answer> SendAsync(HttpMethod method, string pathAndQuery, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, Address(pathAndQuery));
        foreach ((string name, string value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await HubApplication.Answer.ReadAsync(await Http.SendAsync(request));
    }

    public async Task PublishAsync(string topic, string json, string? id = null)
    {
        PublishResult result = await Hub.PublishAsync(
            new PublishRequest { Topic = TopicName.Create(topic), Payload = Encoding.UTF8.GetBytes(json), MessageId = id }, CancellationToken.None);
        if (!result.Accepted)
        {
            throw new InvalidOperationException(result.Error.Message);
        }
    }

    public Task StopAsync() => _app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.DisposeAsync();
    }
}
