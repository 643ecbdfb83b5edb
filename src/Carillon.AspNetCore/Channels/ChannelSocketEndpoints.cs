using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Carillon.Channels;
using Carillon.Channels.InMemory;
using Carillon.Connections.Upgrades;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Carillon.AspNetCore.Channels;

/// <summary>Mounts channel sockets on routes of an application.</summary>
public static class ChannelSocketEndpoints
{
    // One for each application that registers none, so that it makes no difference to a class mounted twice.
    private static readonly ConditionalWeakTable<IServiceProvider, InMemoryChannelMembership> Unregistered = [];

    /// <summary>
    /// Opens a <typeparamref name="TSocket"/> for each WebSocket at <paramref name="pattern"/>. The route's value <c>channelId</c>, as in <c>/ws/online/{channelId}</c>, groups
    /// the clients; a pattern without it is one channel, unless <see cref="ChannelSocketOptions.ChannelId"/> chooses. Refused before the upgrade are: 400 what is no WebSocket or
    /// has a wrong channel id, 403 origins that are not allowed, 503 clients beyond the limits.
    /// </summary>
    /// <remarks>
    /// Takes from the application's services, where they are registered: <see cref="IChannelMembership"/> for channels over several nodes (else they are in memory), the JSON
    /// settings of HTTP endpoints, logging, <see cref="TimeProvider"/>, and what <typeparamref name="TSocket"/>'s constructor asks for.
    /// </remarks>
    /// <param name="endpoints">The application's routes.</param>
    /// <param name="pattern">The route.</param>
    /// <param name="configure">Changes the settings that the application configured, or the defaults.</param>
    /// <returns>The endpoint, to add conventions to, such as <c>RequireAuthorization()</c>.</returns>
    /// <exception cref="OptionsValidationException">A setting is wrong; it is named.</exception>
    public static IEndpointConventionBuilder MapChannelSocket<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TSocket>(
        this IEndpointRouteBuilder endpoints, [StringSyntax("Route")] string pattern, Action<ChannelSocketOptions>? configure = null)
        where TSocket : ChannelSocket
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        IServiceProvider services = endpoints.ServiceProvider;
        ChannelSocketOptions options = (services.GetService<IOptionsMonitor<ChannelSocketOptions>>()?.CurrentValue ?? new ChannelSocketOptions()).Copy();
        configure?.Invoke(options);
        options.Validate();

        ObjectFactory<TSocket> create = ActivatorUtilities.CreateFactory<TSocket>([]);
#pragma warning disable CA2000 // Disposed when the application has stopped.
        var server = new ChannelSocketServer(
            options.Name ?? typeof(TSocket).FullName!,
            options.Copy(),
            new ChannelJson(options.Json ?? services.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions),
            services,
            services.GetService<IChannelMembership>() ?? Unregistered.GetOrAdd(services, static _ => new InMemoryChannelMembership()),
            scope => create(scope, null),
            services.GetRequiredService<ILoggerFactory>().CreateLogger("Carillon.ChannelSockets"));
#pragma warning restore CA2000
        IHostApplicationLifetime lifetime = services.GetRequiredService<IHostApplicationLifetime>();
        lifetime.ApplicationStopping.Register(server.Stop);
        lifetime.ApplicationStopped.Register(server.Dispose);
        return endpoints.Map(pattern, server.HandleAsync)
            .WithMetadata(new DisableRequestTimeoutAttribute()) // A connection may last as long as it likes.
            .AcceptsWebSockets();
    }
}
