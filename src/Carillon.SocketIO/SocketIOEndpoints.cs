using System.Diagnostics.CodeAnalysis;
using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

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
    /// Settings, or null for the defaults. Wrong ones throw an <see cref="Microsoft.Extensions.Options.OptionsValidationException"/>.
    /// </param>
    public static IEndpointConventionBuilder MapSocketIO(
        this IEndpointRouteBuilder endpoints, [StringSyntax("Route")] string pattern, Action<SocketIOServer> configure, SocketIOOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(configure);
        IServiceProvider services = endpoints.ServiceProvider;
        ILoggerFactory loggers = services.GetService<ILoggerFactory>() ?? NullLoggerFactory.Instance;
        var server = new SocketIOServer(
            options ?? new SocketIOOptions(),
            services.GetService<TimeProvider>() ?? TimeProvider.System,
            loggers.CreateLogger("Carillon.SocketIO"),
            services.GetService<IMeterFactory>(),
            services);
        configure(server);
        IHostApplicationLifetime? lifetime = services.GetService<IHostApplicationLifetime>();
        lifetime?.ApplicationStopped.Register(() => _ = server.DisposeAsync().AsTask());
        if (server.Options.CloseWhenApplicationStops)
        {
            lifetime?.ApplicationStopping.Register(() => _ = server.CloseAsync().AsTask());
        }

        return endpoints.Map(pattern, server.HandleAsync).WithMetadata(new DisableRequestTimeoutAttribute()); // A poll may wait as long as it likes.
    }
}
