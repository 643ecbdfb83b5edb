namespace Carillon.Channels;

/// <summary>
/// Which connections are in which channel, over all nodes that share it: one process in memory, or several through a store that all reach. Thread-safe.
/// </summary>
/// <remarks>
/// Made for a store of leased entries (a sorted set of connections by the time their lease ends for each channel, changes told by publish/subscribe): an open roster knows
/// each connection of its node, so it can renew their leases by itself, and whose leases run out leaves, which is told like any other change.
/// </remarks>
public interface IChannelMembership
{
    /// <summary>
    /// Adds a node to those that serve the channel sockets <paramref name="sockets"/>. The same channel id under two names means two channels.
    /// It does not wait for a store: the first call of the roster does.
    /// </summary>
    /// <param name="sockets">The name of the channel sockets, the same on each node.</param>
    /// <param name="watcher">Is told what happens at the other nodes, until the roster is disposed.</param>
    IChannelRoster Open(string sockets, IChannelWatcher watcher);
}
