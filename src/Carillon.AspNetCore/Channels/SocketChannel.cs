using Carillon.Channels;

namespace Carillon.AspNetCore.Channels;

/// <summary>A channel as its sockets see it: who is in it, over all nodes. Thread-safe.</summary>
public sealed class SocketChannel
{
    private readonly IChannelRoster _roster;

    internal SocketChannel(string id, IChannelRoster roster)
    {
        Id = id;
        _roster = roster;
    }

    /// <summary>What clients named in the route, or the application's code chose.</summary>
    public string Id { get; }

    /// <summary>How many clients are connected; with channels in memory it neither waits nor fails.</summary>
    public ValueTask<int> CountAsync(CancellationToken cancellation = default) => _roster.CountAsync(Id, cancellation);

    /// <summary>The <see cref="ChannelSocket.ConnectionId"/> of each connected client, in no order.</summary>
    public ValueTask<IReadOnlyList<string>> ListConnectionsAsync(CancellationToken cancellation = default) => _roster.ListAsync(Id, cancellation);
}
