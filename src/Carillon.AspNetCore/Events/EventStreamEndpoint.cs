using Carillon.Hubs;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Carillon.AspNetCore.Events;

/// <summary>Puts a hub's event streams on a route.</summary>
internal static class EventStreamEndpoint
{
    /// <summary>Maps <c>GET</c>, <c>HEAD</c> and <c>OPTIONS</c>.</summary>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">A setting is wrong; it is named.</exception>
    public static void Map(IEndpointRouteBuilder endpoints, string pattern, Hub hub, EventStreamOptions options)
    {
        options.Validate();
        IServiceProvider services = endpoints.ServiceProvider;
#pragma warning disable CA2000 // Disposed when the application has stopped.
        var server = new EventStreamServer(hub, options, services.GetRequiredService<ILoggerFactory>().CreateLogger("Carillon.Events"));
#pragma warning restore CA2000
        IHostApplicationLifetime lifetime = services.GetRequiredService<IHostApplicationLifetime>();
        lifetime.ApplicationStopping.Register(server.Stop);
        lifetime.ApplicationStopped.Register(server.Dispose);
        endpoints.MapMethods(pattern, [HttpMethods.Get, HttpMethods.Head], server.HandleAsync)
            .WithMetadata(new DisableRequestTimeoutAttribute()); // A stream may last as long as it likes.
        endpoints.MapMethods(pattern, [HttpMethods.Options], server.HandlePreflightAsync);
    }
}
