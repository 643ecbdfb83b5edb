using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Carillon.Connections;

/// <summary>
/// The one timer of all sessions and connections: it ticks each registered client, and rests while there is none.
/// Deadlines are therefore kept to the precision of <see cref="Interval"/>. Thread-safe.
/// </summary>
public sealed class Heartbeat : IDisposable
{
    private readonly ConcurrentDictionary<IHeartbeatClient, byte> _clients = new(ReferenceEqualityComparer.Instance);
    private readonly Lock _gate = new(); // Guards _running and the timer's state.
    private readonly ITimer _timer;
    private readonly ILogger _logger;
    private bool _running;
    private int _ticking;

    /// <summary>Creates a heartbeat that ticks every <paramref name="interval"/> (positive) by <paramref name="time"/>; faults of clients go to <paramref name="logger"/>.</summary>
    public Heartbeat(TimeProvider time, TimeSpan interval, ILogger? logger = null)
    {
        ArgumentNullException.ThrowIfNull(time);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(interval, TimeSpan.Zero);
        Time = time;
        Interval = interval;
        _logger = logger ?? NullLogger.Instance;
        _timer = time.CreateTimer(static state => ((Heartbeat)state!).Tick(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>The clock of the ticks.</summary>
    public TimeProvider Time { get; }

    /// <summary>The time between two ticks.</summary>
    public TimeSpan Interval { get; }

    /// <summary>Begins to tick <paramref name="client"/>.</summary>
    public void Register(IHeartbeatClient client)
    {
        _clients.TryAdd(client, 0);
        lock (_gate)
        {
            if (!_running)
            {
                _running = true;
                _timer.Change(Interval, Interval);
            }
        }
    }

    /// <summary>Ends the ticks of <paramref name="client"/>; one that has begun may still be running.</summary>
    public void Unregister(IHeartbeatClient client) => _clients.TryRemove(client, out _);

    /// <summary>Converts a duration to the unit of the timestamps that ticks carry.</summary>
    public long ToTimestamp(TimeSpan duration) => (long)(duration.TotalSeconds * Time.TimestampFrequency);

    /// <inheritdoc/>
    public void Dispose() => _timer.Dispose();

    // A fault of one must neither keep the others from their deadlines nor end the process.
    private void Tick(IHeartbeatClient client, long now)
    {
        try
        {
            client.OnHeartbeat(now);
        }
        catch (Exception error)
        {
            HeartbeatLog.ClientFault(_logger, error);
        }
    }

    private void Tick()
    {
        if (Interlocked.Exchange(ref _ticking, 1) != 0)
        {
            return;
        }

        try
        {
            long now = Time.GetTimestamp();
            foreach ((IHeartbeatClient client, _) in _clients)
            {
                Tick(client, now);
            }

            lock (_gate)
            {
                if (_clients.IsEmpty)
                {
                    _running = false;
                    _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
                }
            }
        }
        finally
        {
            Volatile.Write(ref _ticking, 0);
        }
    }
}
