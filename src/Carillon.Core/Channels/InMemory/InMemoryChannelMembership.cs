using System.Runtime.InteropServices;

namespace Carillon.Channels.InMemory;

/// <summary>The channels of one process. Its rosters are the nodes: usually one, but several servers of a process may share it. Thread-safe.</summary>
public sealed class InMemoryChannelMembership : IChannelMembership
{
    private readonly Lock _gate = new(); // Guards both fields below; never held while a watcher is called.
    private readonly Dictionary<(string Sockets, string Channel), Dictionary<string, InMemoryChannelRoster>> _channels = [];
    private InMemoryChannelRoster[] _rosters = []; // Replaced, never changed.

    /// <summary>How many channels have a connection.</summary>
    public int ChannelCount
    {
        get
        {
            lock (_gate)
            {
                return _channels.Count;
            }
        }
    }

    /// <inheritdoc/>
    public IChannelRoster Open(string sockets, IChannelWatcher watcher)
    {
        ArgumentException.ThrowIfNullOrEmpty(sockets);
        ArgumentNullException.ThrowIfNull(watcher);
        var roster = new InMemoryChannelRoster(this, sockets, watcher);
        lock (_gate)
        {
            _rosters = [.. _rosters, roster];
        }

        return roster;
    }

    internal void Join(InMemoryChannelRoster roster, string channel, string connection)
    {
        lock (_gate)
        {
            ref Dictionary<string, InMemoryChannelRoster>? members =
                ref CollectionsMarshal.GetValueRefOrAddDefault(_channels, (roster.Sockets, channel), out _);
            (members ??= []).Add(connection, roster);
        }

        Tell(roster, channel, ChannelChange.Joined);
    }

    internal void Leave(InMemoryChannelRoster roster, string channel, string connection)
    {
        lock (_gate)
        {
            if (!_channels.TryGetValue((roster.Sockets, channel), out var members) || !members.Remove(connection))
            {
                return;
            }

            if (members.Count == 0)
            {
                _channels.Remove((roster.Sockets, channel));
            }
        }

        Tell(roster, channel, ChannelChange.Left);
    }

    internal int Count(string sockets, string channel)
    {
        lock (_gate)
        {
            return _channels.TryGetValue((sockets, channel), out var members) ? members.Count : 0;
        }
    }

    internal IReadOnlyList<string> List(string sockets, string channel)
    {
        lock (_gate)
        {
            return _channels.TryGetValue((sockets, channel), out var members) ? [.. members.Keys] : [];
        }
    }

    internal void Close(InMemoryChannelRoster roster)
    {
        (string Channel, string Connection)[] left;
        lock (_gate)
        {
            _rosters = Array.FindAll(_rosters, other => other != roster);
            left =
            [
                .. _channels.SelectMany(static channel => channel.Value, static (channel, member) => (channel.Key.Channel, Connection: member.Key, Owner: member.Value))
                    .Where(member => member.Owner == roster)
                    .Select(static member => (member.Channel, member.Connection)),
            ];
        }

        foreach ((string channel, string connection) in left)
        {
            Leave(roster, channel, connection);
        }
    }

    private void Tell(InMemoryChannelRoster origin, string channel, ChannelChange change)
    {
        foreach (InMemoryChannelRoster roster in Volatile.Read(ref _rosters))
        {
            if (roster != origin && string.Equals(roster.Sockets, origin.Sockets, StringComparison.Ordinal))
            {
                roster.Watcher.OnChanged(channel, change);
            }
        }
    }
}
