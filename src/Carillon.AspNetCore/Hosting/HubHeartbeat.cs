using Carillon.Connections;
using Carillon.Hubs;
using Microsoft.Extensions.Logging;

namespace Carillon.AspNetCore.Hosting;

/// <summary>What a hub does at regular intervals: it takes away what ended tokens gave, and disconnects those who break its rules. One per hub.</summary>
internal sealed partial class HubHeartbeat : IHeartbeatClient, IDisposable
{
    /// <summary>How late an end or a broken rule may be noticed.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly Hub _hub;
    private readonly Heartbeat _heartbeat;
    private readonly ILogger _logger;
    private int _isDropping;

    public HubHeartbeat(Hub hub, ILogger logger)
    {
        _hub = hub;
        _logger = logger;
        _heartbeat = new Heartbeat(hub.Time, Interval, logger);
    }

    public void Start() => _heartbeat.Register(this);

    public void Dispose()
    {
        _heartbeat.Unregister(this);
        _heartbeat.Dispose();
    }

    void IHeartbeatClient.OnHeartbeat(long now)
    {
        _hub.CheckRules();
        if (Interlocked.Exchange(ref _isDropping, 1) == 0)
        {
            _ = DropExpiredAsync();
        }
    }

    private async Task DropExpiredAsync()
    {
        try
        {
            await _hub.DropExpiredAsync();
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            LogFault(fault);
        }
        finally
        {
            Volatile.Write(ref _isDropping, 0);
        }
    }

    [LoggerMessage(1, LogLevel.Error, "What ended tokens gave could not be taken away; it is tried again")]
    private partial void LogFault(Exception fault);
}
