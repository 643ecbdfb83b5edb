using System.Collections.Concurrent;
using Carillon.SocketIO.EngineIO;

namespace Carillon.SocketIO.Cluster;

/// <summary>This node among the others: sends what concerns them, and does what they ask for. Thread-safe.</summary>
internal sealed class ClusterNode : IClusterReceiver, IAsyncDisposable
{
    /// <summary>What an answer may take on its way, beyond the time that a node itself waits for its sockets.</summary>
    private static readonly TimeSpan TravelTime = TimeSpan.FromSeconds(1);

    private readonly SocketIOServer _server;
    private readonly IClusterTransport _transport;
    private readonly ClusterRequestHandler _handler;
    private readonly ConcurrentDictionary<long, PendingRequest> _pending = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _started;
    private long _lastRequestId;

    public ClusterNode(SocketIOServer server, IClusterTransport transport)
    {
        _server = server;
        _transport = transport;
        _handler = new ClusterRequestHandler(server, this);
        _started = StartAsync();
    }

    public string NodeId { get; } = SessionId.New();

    /// <summary>Tells all other nodes.</summary>
    public async ValueTask PublishAsync(ClusterMessage message)
    {
        await _started;
        await _transport.PublishAsync(message.ToUtf8(), _stopping.Token);
    }

    /// <summary>Asks all other nodes; returns what has come when each has answered, or <paramref name="timeout"/> is over.</summary>
    public async Task<ClusterMessage[]> RequestAsync(ClusterMessage message, TimeSpan timeout, CancellationToken cancellation)
    {
        await _started;
        int others = await _transport.CountOthersAsync(cancellation);
        if (others == 0)
        {
            return [];
        }

        var pending = new PendingRequest(others);
        long id = Interlocked.Increment(ref _lastRequestId);
        _pending[id] = pending;
        try
        {
            await _transport.PublishAsync((message with { RequestId = id }).ToUtf8(), cancellation);
            TimeSpan longest = timeout == Timeout.InfiniteTimeSpan ? timeout : timeout + TravelTime;
            await pending.Completion.WaitAsync(longest, _server.Time, cancellation);
        }
        catch (TimeoutException)
        {
            // A node that did not answer may be gone; the others' answers count.
        }
        finally
        {
            _pending.TryRemove(id, out _);
        }

        return pending.Collect();
    }

    public void OnMessage(ReadOnlySpan<byte> message)
    {
        try
        {
            if (ClusterMessage.Read(message) is not { } received || received.NodeId == NodeId)
            {
                return;
            }

            if (received.Kind != ClusterMessageKind.Answer)
            {
                _handler.Handle(received);
            }
            else if (received.RequestId is { } id && _pending.TryGetValue(id, out PendingRequest? pending))
            {
                pending.Add(received);
            }
        }
        catch (Exception error)
        {
            _server.LogHandlerFault(error, "cluster message", "/");
        }
    }

    /// <summary>Answers another node's question.</summary>
    public ValueTask AnswerAsync(ClusterMessage question, ClusterMessage answer) =>
        _transport.SendAsync(question.NodeId, (answer with { RequestId = question.RequestId }).ToUtf8(), _stopping.Token);

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _transport.DisposeAsync();
        _stopping.Dispose();
    }

    private async Task StartAsync() => await _transport.StartAsync(this, _stopping.Token);
}
