using Carillon.Connections;
using Carillon.Hubs;
using Microsoft.Extensions.Logging;

namespace Carillon.AspNetCore.Hosting;

/// <summary>The one heartbeat of an application's hubs: takes away what tokens gave that have expired or were revoked. Thread-safe.</summary>
internal sealed partial class HubHeartbeat(TimeProvider time, ILogger<HubHeartbeat> logger) : IDisposable
{
    /// <summary>25 s are promised; a look at every session is cheap.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private readonly Heartbeat _heartbeat = new(time, Interval, logger);

    /// <summary>Begins to look after <paramref name="hub"/>.</summary>
    public void Register(Hub hub) => Register(hub.DropExpiredAsync);

    /// <summary>Begins to call <paramref name="dropExpired"/> with each tick, unless its last call still runs.</summary>
    public void Register(Func<ValueTask> dropExpired) => _heartbeat.Register(new Check(dropExpired, this));

    public void Dispose() => _heartbeat.Dispose();

    [LoggerMessage(1, LogLevel.Error, "Looking for expired tokens failed")]
    private partial void LogFault(Exception fault);

    private sealed class Check(Func<ValueTask> dropExpired, HubHeartbeat owner) : IHeartbeatClient
    {
        private Task _running = Task.CompletedTask;

        public void OnHeartbeat(long now)
        {
            if (_running.IsCompleted)
            {
                _running = RunAsync();
            }
        }

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
}
