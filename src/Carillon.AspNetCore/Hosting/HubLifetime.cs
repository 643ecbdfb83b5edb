using Carillon.Hubs;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Carillon.AspNetCore.Hosting;

/// <summary>Opens the hub before the server listens, and closes it after the last request has ended.</summary>
internal sealed partial class HubLifetime(Hub hub, ILogger<HubLifetime> logger) : IHostedService, IDisposable
{
    private readonly HubHeartbeat _heartbeat = new(hub, logger);

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await hub.StartAsync(cancellationToken);
        _heartbeat.Start();
        LogStarted(hub.TopicCount);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        _heartbeat.Dispose();
        await hub.DisposeAsync();
        LogStopped(hub.Metrics.Published, hub.Metrics.DeliveredTotal);
    }

    public void Dispose() => _heartbeat.Dispose();

    [LoggerMessage(1, LogLevel.Information, "Hub started with {Topics} topics")]
    private partial void LogStarted(int topics);

    [LoggerMessage(2, LogLevel.Information, "Hub stopped after {Published} publishes and {Delivered} deliveries")]
    private partial void LogStopped(long published, long delivered);
}
