using System.Diagnostics.CodeAnalysis;
using System.Diagnostics.Metrics;
using Carillon.AspNetCore.Hosting;
using Carillon.AspNetCore.Metrics;
using Carillon.Hubs;
using Carillon.SocketIO;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.AspNetCore;

/// <summary>Puts hubs on the routes of an application.</summary>
public static class HubEndpoints
{
    /// <summary>Composes a hub and mounts it on a route: its topics, users, storage and connections are its own, and no other hub of the application sees them.</summary>
    /// <param name="endpoints">The application's routes.</param>
    /// <param name="pattern">What its routes begin with, such as <c>/chat</c>; <c>/</c> for nothing.</param>
    /// <param name="compose">Adds its topics and changes its settings.</param>
    /// <exception cref="InvalidOperationException"><see cref="CarillonServices.AddCarillon(IServiceCollection)"/> is missing, there is a hub of that name, or the application has started.</exception>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">A setting is wrong; it is named.</exception>
    public static HubMount MapHub(this IEndpointRouteBuilder endpoints, [StringSyntax("Route")] string pattern, Action<HubComposition> compose)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(pattern);
        ArgumentNullException.ThrowIfNull(compose);
        IServiceProvider services = endpoints.ServiceProvider;
        HubDirectory directory = services.GetRequiredService<HubDirectory>();
        var composition = new HubComposition(pattern, services);
        compose(composition);
        composition.Validate();
        directory.CheckNew(composition.Name);

        HubStores stores = services.GetRequiredService<IHubStorage>().Open(composition.Name, composition.EngineOptions);
        var hub = new Hub(composition.HubOptions, stores.Engine, stores.Consumers, services.GetRequiredService<TimeProvider>(), services.GetService<IMeterFactory>());
        directory.Add(new MountedHub(hub, composition.Policies));
        RouteGroupBuilder group = endpoints.MapGroup(pattern.TrimEnd('/'));
        new HubMapping(group, hub, composition.Routes).Map(composition.SocketIOOptions);
        return new HubMount(hub, group);
    }

    /// <summary>
    /// Maps the hub that <see cref="CarillonServices.AddCarillon(IServiceCollection, Func{IServiceProvider, Hub}, SocketIOOptions)"/> added: the routes of <see cref="HubRoutes"/>, and
    /// <c>/metrics</c>.
    /// </summary>
    /// <param name="endpoints">The application's routes; give a group (<c>app.MapGroup("/chat")</c>) to put the hub under a prefix.</param>
    /// <returns>The group of the hub's endpoints, to add conventions such as authorization to all of them.</returns>
    public static HubMount MapHub(this IEndpointRouteBuilder endpoints)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        IServiceProvider services = endpoints.ServiceProvider;
        Hub hub = services.GetRequiredService<Hub>();
        RouteGroupBuilder group = endpoints.MapGroup(string.Empty);
        var mapping = new HubMapping(group, hub, new HubRoutes { WebSocket = "/ws" });
        mapping.Map(services.GetRequiredService<SocketIOOptions>());
        mapping.MapMonitoring("/metrics", services.GetRequiredService<PrometheusExporter>().InvokeAsync);
        return new HubMount(hub, group);
    }

    /// <summary>
    /// Serves the application's metrics, with those of all its hubs, in Prometheus' text format. Whoever reaches the route reads them: guard it with <c>RequireAuthorization</c> or
    /// <c>RequireHost</c>.
    /// </summary>
    /// <param name="endpoints">The application's routes.</param>
    /// <param name="pattern">The route.</param>
    public static IEndpointConventionBuilder MapCarillonMetrics(this IEndpointRouteBuilder endpoints, [StringSyntax("Route")] string pattern = "/metrics")
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        RequestDelegate metrics = endpoints.ServiceProvider.GetRequiredService<PrometheusExporter>().InvokeAsync;
        return endpoints.MapMethods(pattern, [HttpMethods.Get, HttpMethods.Head], metrics);
    }
}
