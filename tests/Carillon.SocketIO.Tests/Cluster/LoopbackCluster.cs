using System.Collections.Concurrent;
using Carillon.SocketIO.Cluster;

namespace Carillon.SocketIO.Tests.Cluster;

/// <summary>Joins servers of one process.</summary>
internal sealed class LoopbackCluster
{
    private readonly ConcurrentDictionary<string, IClusterReceiver> _nodes = new(StringComparer.Ordinal);
    private int _answers;

    /// <summary>Nodes that are counted and never answer.</summary>
    public int Silent { get; set; }

    /// <summary>How many nodes have joined.</summary>
    public int Nodes => _nodes.Count;

    /// <summary>How many answers have arrived.</summary>
    public int Answers => Volatile.Read(ref _answers);

    public IClusterTransport Join() => new Transport(this, new LoopbackFaults());

    /// <summary>A transport with faults and delays.</summary>
    public IClusterTransport Join(LoopbackFaults faults) => new Transport(this, faults);

    private sealed class Transport(LoopbackCluster cluster, LoopbackFaults faults) : IClusterTransport
    {
        private IClusterReceiver? _self;

        public async ValueTask StartAsync(IClusterReceiver receiver, CancellationToken cancellationToken)
        {
            await faults.PassAsync(nameof(StartAsync), cancellationToken);
            _self = receiver;
            cluster._nodes[receiver.NodeId] = receiver;
        }

        public async ValueTask PublishAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken)
        {
            await faults.PassAsync(nameof(PublishAsync), cancellationToken);
            foreach ((string id, IClusterReceiver node) in cluster._nodes)
            {
                if (id != _self!.NodeId)
                {
                    node.OnMessage(message.Span);
                }
            }
        }

        public async ValueTask SendAsync(string nodeId, ReadOnlyMemory<byte> message, CancellationToken cancellationToken)
        {
            await faults.PassAsync(nameof(SendAsync), cancellationToken);
            cluster._nodes.GetValueOrDefault(nodeId)?.OnMessage(message.Span);
            Interlocked.Increment(ref cluster._answers);
        }

        public async ValueTask<int> CountOthersAsync(CancellationToken cancellationToken)
        {
            await faults.PassAsync(nameof(CountOthersAsync), cancellationToken);
            return cluster._nodes.Count - 1 + cluster.Silent;
        }

        public ValueTask DisposeAsync()
        {
            if (_self is not null)
            {
                cluster._nodes.TryRemove(_self.NodeId, out _);
            }

            return ValueTask.CompletedTask;
        }
    }
}
