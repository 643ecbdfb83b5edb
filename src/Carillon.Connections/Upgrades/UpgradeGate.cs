using System.Net;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Carillon.Connections.Upgrades;

/// <summary>What the listeners need to know: whether upgrades are answered here, by which application, under which limits. Thread-safe.</summary>
internal sealed class UpgradeGate
{
    private readonly IServiceProvider _services;
    private HashSet<int> _ports = [];
    private volatile IUpgradeApplication? _application;

    public UpgradeGate(IServiceProvider services, IOptions<KestrelServerOptions> options, ILoggerFactory loggers)
    {
        _services = services;
        Options = options.Value;
        Time = services.GetService<TimeProvider>() ?? TimeProvider.System;
        Logger = loggers.CreateLogger("Carillon.Connections");
    }

    public KestrelServerOptions Options { get; }

    public TimeProvider Time { get; }

    public ILogger Logger { get; }

    public HeldConnections Held { get; } = new();

    /// <summary>The routes to answer; set before the gate opens.</summary>
    public UpgradeRoutes Routes { get; private set; } = new(null);

    /// <summary>Begins to answer upgrades on the endpoints that the server listens on now, those with TLS excepted.</summary>
    public void Open(IUpgradeApplication application, IFeatureCollection server)
    {
        KestrelServerLimits limits = Options.Limits;
        if (limits.MaxConcurrentConnections is not null || limits.MaxConcurrentUpgradedConnections is not null)
        {
            return; // Only Kestrel counts.
        }

        Routes = new UpgradeRoutes(_services.GetService<EndpointDataSource>());
        _ports = FindPlainPorts(server.Get<IServerAddressesFeature>()?.Addresses ?? []);
        _application = application;
    }

    /// <summary>Answers no further upgrade.</summary>
    public void Close() => _application = null;

    /// <summary>The application, if upgrades on this endpoint are answered here.</summary>
    public IUpgradeApplication? FindApplication(EndPoint endpoint) =>
        _application is { } application && endpoint is IPEndPoint { Port: var port } && _ports.Contains(port) ? application : null;

    // A port counts as plain only if every address with that port is: nobody may get around TLS.
    private static HashSet<int> FindPlainPorts(ICollection<string> addresses)
    {
        HashSet<int> plain = [];
        HashSet<int> others = [];
        foreach (string address in addresses)
        {
            var parsed = Microsoft.AspNetCore.Http.BindingAddress.Parse(address);
            (parsed.Scheme == Uri.UriSchemeHttp ? plain : others).Add(parsed.Port);
        }

        plain.ExceptWith(others);
        return plain;
    }
}
