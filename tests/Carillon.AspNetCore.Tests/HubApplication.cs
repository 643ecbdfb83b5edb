using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Carillon.AspNetCore.Http;
using Carillon.Connections.Upgrades;
using Carillon.Consumers.InMemory;
using Carillon.Engines;
using Carillon.Engines.InMemory;
using Carillon.Hubs;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Carillon.AspNetCore.Tests;

/// <summary>An application with one hub in memory, on a real Kestrel at a free loopback port.</summary>
internal sealed class HubApplication : IAsyncDisposable
{
    private readonly WebApplication _app;

    private HubApplication(WebApplication app)
    {
        _app = app;
        Http = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
    }

    public HttpClient Http { get; }

    public Hub Hub => _app.Services.GetRequiredService<Hub>();

    public IEnumerable<string> Routes => _app.Services.GetRequiredService<EndpointDataSource>().Endpoints
        .OfType<RouteEndpoint>()
        .Select(endpoint => "/" + endpoint.RoutePattern.RawText!.Trim('/'));

    public static async Task<HubApplication> StartAsync(HubOptions? options = null, Func<ITopicEngine, ITopicEngine>? wrap = null)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseCarillonConnections();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        ITopicEngine engine = new InMemoryTopicEngine(new EngineOptions(), TimeProvider.System);
        builder.Services.AddCarillon(services => new Hub(
            options ?? new HubOptions(), wrap?.Invoke(engine) ?? engine, new InMemoryConsumerStore(), TimeProvider.System, services.GetService<IMeterFactory>()));
        WebApplication app = builder.Build();
        app.UseJsonErrors();
        app.MapHub();
        await app.StartAsync();
        return new HubApplication(app);
    }

    public Task<Answer> PublishAsync(string json) => PublishAsync(Encoding.UTF8.GetBytes(json));

    public async Task<Answer> PublishAsync(byte[] body, string? contentType = "application/json")
    {
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = contentType is null ? null : MediaTypeHeaderValue.Parse(contentType);
        return await Answer.ReadAsync(await Http.PostAsync(new Uri("/publish", UriKind.Relative), content));
    }

    public async Task<Answer> GetAsync(string path) => await Answer.ReadAsync(await Http.GetAsync(new Uri(path, UriKind.RelativeOrAbsolute)));

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.DisposeAsync();
    }

    internal sealed record Answer(HttpStatusCode Status, string Text, JsonElement Json, HttpResponseHeaders Headers)
    {
        public string? this[string property] => Json.TryGetProperty(property, out JsonElement value) ? value.ToString() : null;

        public static async Task<Answer> ReadAsync(HttpResponseMessage response)
        {
            using (response)
            {
                string text = await response.Content.ReadAsStringAsync();
                JsonElement json = text.Length > 0 && response.Content.Headers.ContentType?.MediaType == "application/json"
                    ? JsonElement.Parse(text)
                    : default;
                return new Answer(response.StatusCode, text, json, response.Headers);
            }
        }
    }
}
