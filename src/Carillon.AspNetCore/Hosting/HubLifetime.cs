using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Carillon.AspNetCore.Hosting;

/// <summary>Opens the hubs before the server listens, and closes them after the last request has ended.</summary>
internal sealed partial class HubLifetime(HubDirectory directory, HubHeartbeat heartbeat, ILogger<HubLifetime> logger, ILoggerFactory loggers) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (MountedHub mounted in directory.Close())
        {
            await CheckAsync(mounted);
            HubFaultLog.Attach(mounted, loggers.CreateLogger("Carillon.Topics"));
            await mounted.Hub.StartAsync(cancellationToken);
            heartbeat.Register(mounted.Hub);
            LogStarted(mounted.Name, mounted.Hub.TopicCount);
        }
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        heartbeat.Dispose();
        foreach (MountedHub mounted in directory.Close())
        {
            await mounted.Hub.DisposeAsync();
            LogStopped(mounted.Name, mounted.Hub.Metrics.Published, mounted.Hub.Metrics.DeliveredTotal);
        }
    }

    private static async Task CheckAsync(MountedHub mounted)
    {
        foreach (PolicyAccess policy in mounted.Policies)
        {
            if (!await policy.ExistsAsync())
            {
                throw new InvalidOperationException($"Hub '{mounted.Name}': the application has no authorization policy '{policy.Policy}'");
            }
        }
    }

    [LoggerMessage(1, LogLevel.Information, "Hub '{Hub}' started with {Topics} topics")]
    private partial void LogStarted(string hub, int topics);

    [LoggerMessage(2, LogLevel.Information, "Hub '{Hub}' stopped after {Published} publishes and {Delivered} deliveries")]
    private partial void LogStopped(string hub, long published, long delivered);
}
