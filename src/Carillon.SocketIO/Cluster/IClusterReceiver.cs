namespace Carillon.SocketIO.Cluster;

/// <summary>A node of a Socket.IO server as an <see cref="IClusterTransport"/> sees it.</summary>
public interface IClusterReceiver
{
    /// <summary>The node's id, unique.</summary>
    string NodeId { get; }

    /// <summary>Takes a message from another node. The bytes are used during the call only. Neither blocks nor throws.</summary>
    void OnMessage(ReadOnlySpan<byte> message);
}
