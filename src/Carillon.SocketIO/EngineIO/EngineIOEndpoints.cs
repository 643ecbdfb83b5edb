using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace Carillon.SocketIO.EngineIO;

/// <summary>Puts a bare Engine.IO server on a route of an application.</summary>
public static class EngineIOEndpoints
{
    /// <summary>
    /// Serves Engine.IO at <paramref name="pattern"/>, for clients usually <c>/engine.io</c>, with or without a slash at the end: messages both ways over
    /// long-polling or WebSocket, without Socket.IO's events and namespaces.
    /// </summary>
    /// <param name="endpoints">The application's routes.</param>
    /// <param name="pattern">The route.</param>
    /// <param name="configure">Sets the handlers, and may keep the server.</param>
    /// <param name="options">
    /// Settings, or null for those the application configured (<see cref="EngineIOServices.AddEngineIO"/>, <c>services.Configure&lt;EngineIOOptions&gt;</c>),
    /// else the defaults. Wrong ones throw an <see cref="Microsoft.Extensions.Options.OptionsValidationException"/>.
    /// </param>
    public static IEndpointConventionBuilder MapEngineIO(
        this IEndpointRouteBuilder endpoints, [StringSyntax("Route")] string pattern, Action<EngineIOServer> configure, EngineIOOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(configure);
        var services = new RouteServices(endpoints);
        return Map(services, pattern, services.OptionsOf(options), configure);
    }

    /// <summary>
    /// Serves Engine.IO at <paramref name="pattern"/> with the settings that were configured under <paramref name="optionsName"/>; for applications
    /// with several servers. See <see cref="MapEngineIO(IEndpointRouteBuilder, string, Action{EngineIOServer}, EngineIOOptions?)"/>.
    /// </summary>
    public static IEndpointConventionBuilder MapEngineIO(
        this IEndpointRouteBuilder endpoints, [StringSyntax("Route")] string pattern, string optionsName, Action<EngineIOServer> configure)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(configure);
        var services = new RouteServices(endpoints);
        return Map(services, pattern, services.OptionsOf<EngineIOOptions>(null, optionsName), configure);
    }

    private static IEndpointConventionBuilder Map(RouteServices services, string pattern, EngineIOOptions options, Action<EngineIOServer> configure)
    {
        var server = new EngineIOServer(options, services.Time, services.CreateLogger("Carillon.EngineIO"), services.Meters);
        configure(server);
        return services.Map(pattern, server.HandleAsync, server.Dispose, server.Options.CloseWhenApplicationStops ? () => _ = server.CloseAsync().AsTask() : null);
    }
}
