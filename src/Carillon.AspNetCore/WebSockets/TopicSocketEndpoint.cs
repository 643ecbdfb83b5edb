using Carillon.Connections.Upgrades;
using Carillon.Hubs;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Carillon.AspNetCore.WebSockets;

/// <summary>Puts a hub's WebSocket JSON on a route.</summary>
internal static class TopicSocketEndpoint
{
    /// <summary>Maps <paramref name="pattern"/>. Takes token verifiers and logging from the application's services.</summary>
    public static IEndpointConventionBuilder Map(IEndpointRouteBuilder endpoints, Hub hub, string pattern, TopicSocketOptions? options = null)
    {
        options = (options ?? new TopicSocketOptions()).Copy();
        options.Validate();
#pragma warning disable CA2000 // Disposed when the application has stopped.
        var server = new TopicSocketServer(hub, options, endpoints.ServiceProvider);
#pragma warning restore CA2000
        IHostApplicationLifetime lifetime = endpoints.ServiceProvider.GetRequiredService<IHostApplicationLifetime>();
        lifetime.ApplicationStopping.Register(server.Stop);
        lifetime.ApplicationStopped.Register(server.Dispose);
        return endpoints.Map(pattern, server.HandleAsync)
            .WithMetadata(new DisableRequestTimeoutAttribute()) // A connection may last as long as it likes.
            .AcceptsWebSockets();
    }
}
