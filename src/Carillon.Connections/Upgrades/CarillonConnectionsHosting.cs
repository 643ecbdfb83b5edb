using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Connections.Upgrades;

/// <summary>Lets the server hold WebSockets without HTTP's objects.</summary>
public static class CarillonConnectionsHosting
{
    /// <summary>
    /// Answers the WebSocket upgrades of endpoints marked by <see cref="UpgradeEndpoints.AcceptsWebSockets"/> below Kestrel's HTTP: the application's whole
    /// pipeline runs on a context that ends with the handshake, and afterwards only the socket is kept. Everything else goes to Kestrel untouched:
    /// other requests, heads that are not wholly clean or come in parts, TLS, HTTP/2, and everything if
    /// <c>MaxConcurrentConnections</c> or <c>MaxConcurrentUpgradedConnections</c> is set. Where it does not apply, WebSockets work as without it.
    /// </summary>
    /// <remarks>
    /// Connection middleware of an endpoint (<c>ListenOptions.Use…</c>) does not see such connections, and Kestrel's own instruments do not count them.
    /// Without Kestrel (a test server, IIS, HTTP.sys) it changes nothing. To be called after the server was chosen; <c>WebApplication</c>'s builders have done so.
    /// </remarks>
    /// <exception cref="InvalidOperationException">No server was chosen yet.</exception>
    public static IWebHostBuilder UseCarillonConnections(this IWebHostBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.ConfigureServices(static (IServiceCollection services) => AddTo(services));
    }

    private static void AddTo(IServiceCollection services)
    {
        if (services.Any(static service => service.ServiceType == typeof(UpgradeGate)))
        {
            return;
        }

        ServiceDescriptor server = services.LastOrDefault(static service => service.ServiceType == typeof(IServer) && !service.IsKeyedService)
            ?? throw new InvalidOperationException($"{nameof(UseCarillonConnections)} must be called after a server was chosen, for example by UseKestrel.");
        services.AddSingleton<UpgradeGate>();
        services.AddSingleton<IConnectionListenerFactory, UpgradeListenerFactory>();
        services.AddSingleton<IServer>(provider => new UpgradeServer(CreateServer(server, provider), provider.GetRequiredService<UpgradeGate>()));
    }

    private static IServer CreateServer(ServiceDescriptor server, IServiceProvider provider) => (IServer)(
        server.ImplementationInstance
        ?? server.ImplementationFactory?.Invoke(provider)
        ?? ActivatorUtilities.CreateInstance(provider, server.ImplementationType!));
}
