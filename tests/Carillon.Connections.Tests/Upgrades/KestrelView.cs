using Microsoft.AspNetCore.Connections;

namespace Carillon.Connections.Tests.Upgrades;

/// <summary>Counts the connections that an endpoint of Kestrel's gets.</summary>
internal sealed class KestrelView
{
    private int _connections;

    public int Connections => Volatile.Read(ref _connections);

    public void AddTo(IConnectionBuilder endpoint) => endpoint.Use(next => connection =>
    {
        Interlocked.Increment(ref _connections);
        return next(connection);
    });
}
