using Carillon.AspNetCore.Hosting;
using Carillon.Hubs;
using Carillon.SocketIO;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.AspNetCore;

/// <summary>Adds Carillon to an application.</summary>
public static class CarillonServices
{
    /// <summary>
    /// Adds a hub. It is opened before the application listens and closed after the last request has ended, so that what was accepted is stored.
    /// Put it on routes with <see cref="HubEndpoints.MapHub"/>.
    /// </summary>
    /// <param name="services">The application's services.</param>
    /// <param name="createHub">Makes the hub, not started, with its engine and store.</param>
    /// <param name="socketIO">Settings of the hub's Socket.IO server; null for the defaults.</param>
    public static IServiceCollection AddCarillon(this IServiceCollection services, Func<IServiceProvider, Hub> createHub, SocketIOOptions? socketIO = null)
    {
        services.AddSingleton(createHub);
        services.AddSingleton(socketIO ?? new SocketIOOptions());
        services.AddHostedService<HubLifetime>();
        services.AddSingleton<Metrics.PrometheusExporter>();
        return services;
    }
}
