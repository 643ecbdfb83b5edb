namespace Carillon.Hubs;

/// <summary>Who may see what happens in a hub: listings, statistics, the graph and the live events of monitors.</summary>
public enum MonitoringAccess
{
    /// <summary>Every client: the default. Who of them may is said by <see cref="HubOptions.Monitors"/>.</summary>
    Anyone,

    /// <summary>Clients on the same machine. Behind a reverse proxy on that machine every client is one.</summary>
    Loopback,

    /// <summary>Nobody.</summary>
    Off,
}
