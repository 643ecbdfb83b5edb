using System.Collections.Concurrent;
using Carillon.Connections;

namespace Carillon.SocketIO;

/// <summary>
/// The namespaces of a family that are there: while somebody is in them, or was a short while ago and may come back, and those that the application asked for by name.
/// Finding one needs no lock; they come and go under the server's lock for names.
/// </summary>
internal sealed class FamilyMembers(SocketIOServer server, SocketNamespaceFamily family) : IHeartbeatClient
{
    /// <summary>Namespaces that nobody is in and that wait for clients to come back.</summary>
    private const int MaxWaiting = 10_000;

    private readonly ConcurrentDictionary<string, SocketNamespace> _byName = new(StringComparer.Ordinal);
    private readonly Dictionary<SocketNamespace, Occupancy> _occupancies = new(ReferenceEqualityComparer.Instance); // Guarded by the lock for names, as what follows.
    private readonly Dictionary<SocketNamespace, Occupancy> _waiting = new(ReferenceEqualityComparer.Instance);

    public IEnumerable<SocketNamespace> All => _byName.Select(static pair => pair.Value);

    public SocketNamespace? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>The namespace <paramref name="name"/>, for one more socket.</summary>
    public SocketNamespace AddSocketNeedsLock(string name)
    {
        SocketNamespace target = GetOrAddNeedsLock(name);
        OccupancyOfNeedsLock(target).Sockets++;
        _waiting.Remove(target);
        return target;
    }

    /// <summary>The namespace <paramref name="name"/>, which from now on stays, whether anybody is in it or not.</summary>
    public SocketNamespace NameNeedsLock(string name)
    {
        SocketNamespace target = GetOrAddNeedsLock(name);
        OccupancyOfNeedsLock(target).IsNamed = true;
        _waiting.Remove(target);
        target.IsNamed = true;
        return target;
    }

    /// <summary>A socket has left. Where it <paramref name="mayComeBack"/> its namespace waits for it, unless very many do. True if the namespace is gone.</summary>
    public bool RemoveSocketNeedsLock(SocketNamespace target, bool mayComeBack)
    {
        Occupancy occupancy = _occupancies[target];
        long now = server.Time.GetTimestamp();
        if (mayComeBack)
        {
            occupancy.WaitsSince = now;
        }

        if (--occupancy.Sockets > 0 || occupancy.IsNamed)
        {
            return false;
        }

        if (!IsOver(occupancy, now) && _waiting.Count < MaxWaiting)
        {
            _waiting[target] = occupancy;
            server.Engine.Heartbeat.Register(this);
            return false;
        }

        RemoveNeedsLock(target);
        return true;
    }

    public void OnHeartbeat(long now)
    {
        List<SocketNamespace> gone = [];
        lock (server.Names)
        {
            foreach ((SocketNamespace target, Occupancy occupancy) in _waiting)
            {
                if (IsOver(occupancy, now))
                {
                    gone.Add(target);
                }
            }

            gone.ForEach(RemoveNeedsLock);
            if (_waiting.Count == 0)
            {
                server.Engine.Heartbeat.Unregister(this);
            }
        }

        gone.ForEach(static target => _ = target.EndAsync());
    }

    private SocketNamespace GetOrAddNeedsLock(string name)
    {
        if (!_byName.TryGetValue(name, out SocketNamespace? target))
        {
            _byName[name] = target = new SocketNamespace(server, name, family);
        }

        return target;
    }

    private Occupancy OccupancyOfNeedsLock(SocketNamespace target)
    {
        if (!_occupancies.TryGetValue(target, out Occupancy? occupancy))
        {
            _occupancies[target] = occupancy = new Occupancy();
        }

        return occupancy;
    }

    private void RemoveNeedsLock(SocketNamespace target)
    {
        _occupancies.Remove(target);
        _waiting.Remove(target);
        _byName.TryRemove(target.Name, out _);
    }

    private bool IsOver(Occupancy occupancy, long now) => occupancy.WaitsSince is not { } since
        || server.Time.GetElapsedTime(since, now) > server.Options.ConnectionStateRecovery!.MaxDisconnectionDuration;

    /// <summary>What keeps a namespace.</summary>
    private sealed class Occupancy
    {
        public int Sockets { get; set; }

        public bool IsNamed { get; set; }

        /// <summary>Timestamp of when one left last that may come back.</summary>
        public long? WaitsSince { get; set; }
    }
}
