using System.Diagnostics.CodeAnalysis;
using System.Diagnostics.Metrics;
using Carillon.SocketIO.EngineIO;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace Carillon.SocketIO;

/// <summary>Puts a Socket.IO server on a route of an application.</summary>
public static class SocketIOEndpoints
{
    /// <summary>
    /// Serves Socket.IO at <paramref name="pattern"/>, for clients usually <c>/socket.io</c>, with or without a slash at the end.
    /// It takes the application's logging, <see cref="TimeProvider"/> and <see cref="IMeterFactory"/> where they are registered.
    /// </summary>
    /// <param name="endpoints">The application's routes.</param>
    /// <param name="pattern">The route.</param>
    /// <param name="configure">Sets up namespaces and handlers, and may keep the server.</param>
    /// <param name="options">
    /// Settings, or null for those the application configured (<see cref="SocketIOServices.AddSocketIO"/>, <c>services.Configure&lt;SocketIOOptions&gt;</c>),
    /// else the defaults. Wrong ones throw an <see cref="Microsoft.Extensions.Options.OptionsValidationException"/>.
    /// </param>
    public static IEndpointConventionBuilder MapSocketIO(
        this IEndpointRouteBuilder endpoints, [StringSyntax("Route")] string pattern, Action<SocketIOServer> configure, SocketIOOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(configure);
        var services = new RouteServices(endpoints);
        return Map(services, pattern, services.OptionsOf(options), configure);
    }

    /// <summary>
    /// Serves Socket.IO at <paramref name="pattern"/> with the settings that were configured under <paramref name="optionsName"/>; for applications
    /// with several servers. See <see cref="MapSocketIO(IEndpointRouteBuilder, string, Action{SocketIOServer}, SocketIOOptions?)"/>.
    /// </summary>
    public static IEndpointConventionBuilder MapSocketIO(
        this IEndpointRouteBuilder endpoints, [StringSyntax("Route")] string pattern, string optionsName, Action<SocketIOServer> configure)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(configure);
        var services = new RouteServices(endpoints);
        return Map(services, pattern, services.OptionsOf<SocketIOOptions>(null, optionsName), configure);
    }

    private static IEndpointConventionBuilder Map(RouteServices services, string pattern, SocketIOOptions options, Action<SocketIOServer> configure)
    {
        var server = new SocketIOServer(options, services.Time, services.CreateLogger("Carillon.SocketIO"), services.Meters, services.Provider);
        configure(server);
        server.JoinCluster();
        return services.Map(pattern, server.HandleAsync, () => _ = server.DisposeAsync().AsTask(), options.CloseWhenApplicationStops ? () => _ = server.CloseAsync().AsTask() : null);
    }
}
