using Carillon.Connections;
using Carillon.Hubs;
using Microsoft.Extensions.Logging;

namespace Carillon.AspNetCore.Hosting;

/// <summary>The one heartbeat of an application's hubs: takes away what ended tokens gave, and disconnects those who break a hub's rules. Thread-safe.</summary>
internal sealed partial class HubHeartbeat(TimeProvider time, ILogger<HubHeartbeat> logger) : IDisposable
{
    /// <summary>How late an end or a broken rule may be noticed; a look at every session is cheap.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly Heartbeat _heartbeat = new(time, Interval, logger);

    /// <summary>Begins to look after <paramref name="hub"/>.</summary>
    public void Register(Hub hub)
    {
        Register(hub.DropExpiredAsync);
        _heartbeat.Register(new RulesCheck(hub));
    }

    /// <summary>Begins to call <paramref name="dropExpired"/> with each tick, also while an earlier call is not complete: one that waits must not keep others from losing what has ended.</summary>
    public void Register(Func<ValueTask> dropExpired) => _heartbeat.Register(new Check(dropExpired, this));

    public void Dispose() => _heartbeat.Dispose();

    [LoggerMessage(1, LogLevel.Error, "Looking for expired tokens failed")]
    private partial void LogFault(Exception fault);

    private sealed class Check(Func<ValueTask> dropExpired, HubHeartbeat owner) : IHeartbeatClient
    {
        public void OnHeartbeat(long now) => _ = RunAsync();

        private async Task RunAsync()
        {
            try
            {
                await dropExpired();
            }
            catch (Exception fault) when (fault is not OutOfMemoryException)
            {
                owner.LogFault(fault);
            }
        }
    }

    private sealed class RulesCheck(Hub hub) : IHeartbeatClient
    {
        public void OnHeartbeat(long now) => hub.CheckRules();
    }
}
