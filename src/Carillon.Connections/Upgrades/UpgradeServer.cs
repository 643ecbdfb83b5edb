using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http.Features;

namespace Carillon.Connections.Upgrades;

/// <summary>The host's own server, with the gate for upgrades opened once it listens and closed before it stops.</summary>
internal sealed class UpgradeServer(IServer inner, UpgradeGate gate) : IServer
{
    public IFeatureCollection Features => inner.Features;

    public async Task StartAsync<TContext>(IHttpApplication<TContext> application, CancellationToken cancellationToken)
        where TContext : notnull
    {
        await inner.StartAsync(application, cancellationToken);
        gate.Open(new UpgradeApplication<TContext>(application), inner.Features);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        gate.Close();
        Task stopping = inner.StopAsync(cancellationToken);
        await gate.Held.CloseAsync(cancellationToken);
        await stopping;
    }

    public void Dispose() => inner.Dispose();
}
