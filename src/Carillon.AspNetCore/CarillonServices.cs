using Carillon.AspNetCore.Hosting;
using Carillon.Hubs;
using Carillon.SocketIO;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Carillon.AspNetCore;

/// <summary>Adds Carillon to an application.</summary>
public static class CarillonServices
{
    /// <summary>
    /// Adds what hubs need; put them on routes with <see cref="HubEndpoints.MapHub(Microsoft.AspNetCore.Routing.IEndpointRouteBuilder, string, Action{HubComposition})"/>. They are opened before
    /// the application listens and closed after the last request has ended, so that what was accepted is stored. Hubs are in memory, unless an <see cref="IHubStorage"/> is among the services,
    /// such as that of <c>AddCarillonSqlite("data")</c>.
    /// </summary>
    public static IServiceCollection AddCarillon(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IHubStorage, InMemoryHubStorage>();
        services.TryAddSingleton(static provider => new HubDirectory(provider.GetServices<Hub>()));
        services.TryAddSingleton<HubHeartbeat>();
        services.TryAddSingleton<Metrics.PrometheusExporter>();
        services.AddHostedService<HubLifetime>();
        return services;
    }

    /// <summary>
    /// Adds what hubs need and one hub that the application makes itself; put it on routes with
    /// <see cref="HubEndpoints.MapHub(Microsoft.AspNetCore.Routing.IEndpointRouteBuilder)"/>.
    /// </summary>
    /// <param name="services">The application's services.</param>
    /// <param name="createHub">Makes the hub, not started, with its engine and store.</param>
    /// <param name="socketIO">Settings of the hub's Socket.IO server; null for the defaults.</param>
    public static IServiceCollection AddCarillon(this IServiceCollection services, Func<IServiceProvider, Hub> createHub, SocketIOOptions? socketIO = null)
    {
        services.AddSingleton(createHub);
        services.AddSingleton(socketIO ?? new SocketIOOptions());
        return services.AddCarillon();
    }
}
