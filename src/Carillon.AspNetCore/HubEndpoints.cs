using Carillon.AspNetCore.Dialects;
using Carillon.AspNetCore.Events;
using Carillon.AspNetCore.Http;
using Carillon.AspNetCore.Metrics;
using Carillon.Hubs;
using Carillon.SocketIO;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Carillon.AspNetCore;

/// <summary>Puts a hub on the routes of an application.</summary>
public static class HubEndpoints
{
    /// <summary>
    /// Maps the hub that <see cref="CarillonServices.AddCarillon"/> added: the HTTP API (<c>/publish</c>, <c>/messages</c>, <c>/consumptions</c>, <c>/clients</c>,
    /// <c>/graph/state</c>, <c>/stats</c>, <c>/metrics</c>, <c>/healthz</c>, <c>/readyz</c>, <c>/openapi.json</c>) and Socket.IO at <c>/socket.io</c>
    /// with the namespaces <c>/</c> and <c>/monitor</c>.
    /// </summary>
    /// <param name="endpoints">The application's routes; give a group (<c>app.MapGroup("/chat")</c>) to put the hub under a prefix.</param>
    /// <returns>The group of the hub's endpoints, to add conventions such as authorization to all of them.</returns>
    public static IEndpointConventionBuilder MapHub(this IEndpointRouteBuilder endpoints)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        Hub hub = endpoints.ServiceProvider.GetRequiredService<Hub>();
        RouteGroupBuilder group = endpoints.MapGroup(string.Empty);
        SocketIOServer socketIO = MapSockets(group, hub);
        MapHttp(group, hub, socketIO);
        EventStreamEndpoint.Map(group, "/events", hub, endpoints.ServiceProvider.GetService<EventStreamOptions>() ?? new EventStreamOptions());
        return group;
    }

    private static SocketIOServer MapSockets(RouteGroupBuilder group, Hub hub)
    {
        IServiceProvider services = ((IEndpointRouteBuilder)group).ServiceProvider;
        ILogger logger = services.GetRequiredService<ILoggerFactory>().CreateLogger("Carillon.Topics");
        SocketIOServer? server = null;
        group.MapSocketIO(
            "/socket.io",
            socketIO =>
            {
                server = socketIO;
                var monitor = new MonitorNamespace(hub);
                monitor.Attach(socketIO.Of(MonitorNamespace.Name));
                socketIO.Of("/").OnConnection(socket =>
                {
                    new TopicClient(hub, socket, monitor, logger).Listen();
                    return ValueTask.CompletedTask;
                });
            },
            services.GetRequiredService<SocketIOOptions>());
        return server!;
    }

    private static void MapHttp(RouteGroupBuilder group, Hub hub, SocketIOServer socketIO)
    {
        var publish = new PublishEndpoint(hub);
        var listings = new ListingEndpoints(hub);
        var graph = new GraphEndpoint(hub);
        var status = new StatusEndpoints(hub, socketIO);
        PrometheusExporter metrics = ((IEndpointRouteBuilder)group).ServiceProvider.GetRequiredService<PrometheusExporter>();

        group.MapPost("/publish", publish.InvokeAsync);
        TopicEndpoints.Map(group, hub);
        MapRead("/healthz", StatusEndpoints.HealthAsync);
        MapRead("/readyz", status.ReadyAsync);
        MapRead("/openapi.json", OpenApiEndpoint.InvokeAsync);
        MapMonitoring("/messages", listings.MessagesAsync);
        MapMonitoring("/consumptions", listings.ConsumptionsAsync);
        MapMonitoring("/clients", listings.ClientsAsync);
        MapMonitoring("/graph/state", graph.InvokeAsync);
        MapMonitoring("/stats", status.StatsAsync);
        MapMonitoring("/metrics", metrics.InvokeAsync);

        void MapMonitoring(string route, RequestDelegate endpoint) => MapRead(route, endpoint.Guard(hub.Options.Monitoring));

        // RFC 9110 §9.1: who serves GET serves HEAD; the server leaves the body out by itself.
        void MapRead(string route, RequestDelegate endpoint) => group.MapMethods(route, [HttpMethods.Get, HttpMethods.Head], endpoint);
    }
}
