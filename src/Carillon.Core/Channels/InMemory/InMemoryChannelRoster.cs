namespace Carillon.Channels.InMemory;

/// <summary>One node of an <see cref="InMemoryChannelMembership"/>. No call waits or fails.</summary>
internal sealed class InMemoryChannelRoster(InMemoryChannelMembership membership, string sockets, IChannelWatcher watcher) : IChannelRoster
{
    public string Sockets => sockets;

    public IChannelWatcher Watcher => watcher;

    public ValueTask JoinAsync(string channel, string connection, CancellationToken cancellation)
    {
        membership.Join(this, channel, connection);
        return ValueTask.CompletedTask;
    }

    public ValueTask LeaveAsync(string channel, string connection, CancellationToken cancellation)
    {
        membership.Leave(this, channel, connection);
        return ValueTask.CompletedTask;
    }

    public ValueTask<int> CountAsync(string channel, CancellationToken cancellation) => ValueTask.FromResult(membership.Count(sockets, channel));

    public ValueTask<IReadOnlyList<string>> ListAsync(string channel, CancellationToken cancellation) => ValueTask.FromResult(membership.List(sockets, channel));

    public ValueTask DisposeAsync()
    {
        membership.Close(this);
        return ValueTask.CompletedTask;
    }
}
