namespace Carillon.SocketIO.Cluster;

/// <summary>
/// Joins the nodes of one Socket.IO server: carries messages from each to the others. What one node sends reaches another in the order of sending, once.
/// The server disposes of it when it ends. Must be thread-safe.
/// </summary>
public interface IClusterTransport : IAsyncDisposable
{
    /// <summary>Begins to receive for <paramref name="receiver"/>; called once, before anything is sent.</summary>
    ValueTask StartAsync(IClusterReceiver receiver, CancellationToken cancellationToken);

    /// <summary>Sends to all other nodes. The bytes may be used until the task completes.</summary>
    ValueTask PublishAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken);

    /// <summary>Sends to one node; nothing if it is gone.</summary>
    ValueTask SendAsync(string nodeId, ReadOnlyMemory<byte> message, CancellationToken cancellationToken);

    /// <summary>How many other nodes there are, as far as is known: so many answers a question to all of them waits for.</summary>
    ValueTask<int> CountOthersAsync(CancellationToken cancellationToken);
}
