using Carillon.Bench.Linux;
using Carillon.Bench.Wire;

namespace Carillon.Bench.Load;

/// <summary>Sends the signs of life of all clients that owe them, spread evenly over the interval. Not thread-safe.</summary>
internal sealed class Heartbeats(IEnumerable<Link> links)
{
    /// <summary>How often SignalR's own clients do it.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(15);

    private readonly IHeartbeat[] _clients = [.. links.OfType<IHeartbeat>()];
    private int _next;
    private long _nextAt;

    public void SendDue(long now)
    {
        if (_clients.Length == 0)
        {
            return;
        }
        _nextAt = _nextAt == 0 ? now : _nextAt;
        for (; _nextAt <= now; _nextAt += Measurement.Ticks(Interval / _clients.Length))
        {
            _clients[_next].Beat();
            _next = (_next + 1) % _clients.Length;
        }
    }
}
