using System.Collections.Concurrent;
using Carillon.SocketIO.Cluster;

namespace Carillon.SocketIO.Tests.Cluster;

/// <summary>Joins servers of one process.</summary>
internal sealed class LoopbackCluster
{
    private readonly ConcurrentDictionary<string, IClusterReceiver> _nodes = new(StringComparer.Ordinal);

    /// <summary>Nodes that are counted and never answer.</summary>
    public int Silent { get; set; }

    public IClusterTransport Join() => new Transport(this);

    private sealed class Transport(LoopbackCluster cluster) : IClusterTransport
    {
        private IClusterReceiver? _self;

        public ValueTask StartAsync(IClusterReceiver receiver, CancellationToken cancellationToken)
        {
            _self = receiver;
            cluster._nodes[receiver.NodeId] = receiver;
            return ValueTask.CompletedTask;
        }

        public ValueTask PublishAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken)
        {
            foreach ((string id, IClusterReceiver node) in cluster._nodes)
            {
                if (id != _self!.NodeId)
                {
                    node.OnMessage(message.Span);
                }
            }

            return ValueTask.CompletedTask;
        }

        public ValueTask SendAsync(string nodeId, ReadOnlyMemory<byte> message, CancellationToken cancellationToken)
        {
            cluster._nodes.GetValueOrDefault(nodeId)?.OnMessage(message.Span);
            return ValueTask.CompletedTask;
        }

        public ValueTask<int> CountOthersAsync(CancellationToken cancellationToken) => ValueTask.FromResult(cluster._nodes.Count - 1 + cluster.Silent);

        public ValueTask DisposeAsync()
        {
            cluster._nodes.TryRemove(_self!.NodeId, out _);
            return ValueTask.CompletedTask;
        }
    }
}
