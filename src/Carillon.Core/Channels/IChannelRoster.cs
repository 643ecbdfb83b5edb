namespace Carillon.Channels;

/// <summary>
/// One node's side of an <see cref="IChannelMembership"/>: it enters its own connections, and sees those of all nodes. A store that cannot be
/// reached makes a call throw, within a time that the implementation bounds: a client waits for its handshake until it has joined.
/// Disposing it takes out what this node entered and tells the others; of a node that dies without doing so the same happens within a bounded time. Thread-safe.
/// </summary>
public interface IChannelRoster : IAsyncDisposable
{
    /// <summary>
    /// Enters a connection of this node. When it returns the connection is counted; the watchers of other nodes are told, this node's is not.
    /// Each id is entered once.
    /// </summary>
    ValueTask JoinAsync(string channel, string connection, CancellationToken cancellation);

    /// <summary>Takes a connection of this node out again, and tells the watchers of other nodes; does nothing if it is not entered.</summary>
    ValueTask LeaveAsync(string channel, string connection, CancellationToken cancellation);

    /// <summary>How many connections the channel has, over all nodes; 0 for one that nobody is in.</summary>
    ValueTask<int> CountAsync(string channel, CancellationToken cancellation);

    /// <summary>The ids of the channel's connections, over all nodes, in no order; a copy of that moment.</summary>
    ValueTask<IReadOnlyList<string>> ListAsync(string channel, CancellationToken cancellation);
}
