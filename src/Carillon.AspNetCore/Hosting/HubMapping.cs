using Carillon.AspNetCore.Authentication;
using Carillon.AspNetCore.Dialects;
using Carillon.AspNetCore.Events;
using Carillon.AspNetCore.Http;
using Carillon.AspNetCore.WebSockets;
using Carillon.Hubs;
using Carillon.SocketIO;
using Carillon.SocketIO.Recovery;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Carillon.AspNetCore.Hosting;

/// <summary>Maps the protocols of one hub, each where it was chosen to be. A new protocol is a route of <see cref="HubRoutes"/> and a line here.</summary>
internal sealed class HubMapping(RouteGroupBuilder group, Hub hub, HubRoutes routes)
{
    private readonly IServiceProvider _services = ((IEndpointRouteBuilder)group).ServiceProvider;

    public void Map(SocketIOOptions socketIOOptions)
    {
        SocketIOServer? socketIO = routes.SocketIO is { } path ? MapSockets(path, socketIOOptions) : null;
        if (routes.Publish is { } publish)
        {
            group.MapPost(publish, new PublishEndpoint(hub).InvokeAsync);
        }

        if (routes.PublishTo is { } publishTo)
        {
            group.MapPost(publishTo, new RoutePublishEndpoint(hub).InvokeAsync);
        }

        if (routes.Topics is { } topics)
        {
            TopicEndpoints.Map(topics.Length == 0 ? group : group.MapGroup(topics), hub);
        }

        if (routes.WebSocket is { } webSocket)
        {
            TopicSocketEndpoint.Map(group, hub, webSocket, SocketOptions(socketIOOptions.AllowedOrigins));
        }

        if (routes.Events is { } events)
        {
            EventStreamEndpoint.Map(group, events, hub, EventsOptions(socketIOOptions.AllowedOrigins));
        }

        if (routes.Api is { } api)
        {
            MapApi(api, socketIO);
        }
    }

    // Of the application, or the defaults. The hub's origins hold for all its protocols; the application's are for hubs that name none.
    private TopicSocketOptions SocketOptions(IReadOnlyList<string> origins)
    {
        TopicSocketOptions options = _services.GetService<TopicSocketOptions>() ?? new TopicSocketOptions();
        return origins.Count == 0 ? options : options with { AllowedOrigins = origins };
    }

    private EventStreamOptions EventsOptions(IReadOnlyList<string> origins)
    {
        EventStreamOptions options = _services.GetService<EventStreamOptions>() ?? new EventStreamOptions();
        return origins.Count == 0 ? options : options with { AllowedOrigins = origins };
    }

    public void MapMonitoring(string route, RequestDelegate endpoint) => MapRead(route, endpoint.Guard(hub));

    private SocketIOServer MapSockets(string path, SocketIOOptions options)
    {
        ILogger logger = _services.GetRequiredService<ILoggerFactory>().CreateLogger("Carillon.Topics");
        var identities = new SocketIdentities(_services.GetService<TokenVerifiers>());
        SocketIOServer? server = null;
        group.MapSocketIO(
            path,
            socketIO =>
            {
                server = socketIO;
                var monitor = new MonitorNamespace(hub, identities);
                monitor.Attach(socketIO.Of(MonitorNamespace.Name));
                _services.GetRequiredService<HubHeartbeat>().Register(monitor.DropExpiredAsync);
                SocketNamespace topics = socketIO.Of("/");
                topics.Use(identities.CheckAsync);
                topics.OnConnection(socket =>
                {
                    new TopicClient(hub, socket, monitor, identities, logger).Listen();
                    return ValueTask.CompletedTask;
                });
            },
            options with { Remember = SocketIdentities.Remember, ConnectionStateRecovery = AlwaysChecked(options.ConnectionStateRecovery) });
        return server!;
    }

    // Who comes back shows a token like anybody else: the secret of a session does not say that its token still holds.
    private static ConnectionStateRecoveryOptions? AlwaysChecked(ConnectionStateRecoveryOptions? recovery) => recovery is null ? null : recovery with { SkipMiddlewares = false };

    private void MapApi(string prefix, SocketIOServer? socketIO)
    {
        var listings = new ListingEndpoints(hub);
        var status = new StatusEndpoints(hub, socketIO);
        MapRead(prefix + "/healthz", StatusEndpoints.HealthAsync);
        MapRead(prefix + "/readyz", status.ReadyAsync);
        MapRead(prefix + "/openapi.json", OpenApiEndpoint.InvokeAsync);
        MapMonitoring(prefix + "/messages", listings.MessagesAsync);
        MapMonitoring(prefix + "/consumptions", listings.ConsumptionsAsync);
        MapMonitoring(prefix + "/clients", listings.ClientsAsync);
        MapMonitoring(prefix + "/graph/state", new GraphEndpoint(hub).InvokeAsync);
        MapMonitoring(prefix + "/stats", status.StatsAsync);
    }

    // RFC 9110 §9.1: who serves GET serves HEAD; the server leaves the body out by itself.
    private void MapRead(string route, RequestDelegate endpoint) => group.MapMethods(route, [HttpMethods.Get, HttpMethods.Head], endpoint);
}
