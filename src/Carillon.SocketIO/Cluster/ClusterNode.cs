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
    private readonly CancellationToken _stopped;
    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _isStarted;
    private int _isDisposed;
    private long _lastRequestId;

    public ClusterNode(SocketIOServer server, IClusterTransport transport)
    {
        _server = server;
        _transport = transport;
        _handler = new ClusterRequestHandler(server, this);
        _stopped = _stopping.Token;
    }

    public string NodeId { get; } = SessionId.New();

    /// <summary>Begins to receive. Not before the application has set up its handlers: until then no other node knows of this one. What was to be sent before goes out now.</summary>
    public void Start()
    {
        if (Interlocked.Exchange(ref _isStarted, 1) == 0)
        {
            _ = StartAsync();
        }
    }

    /// <summary>
    /// Tells all other nodes; nothing once this one has stopped. While the application sets it up, completes at once: who waited there for the start would wait for ever.
    /// </summary>
    public ValueTask PublishAsync(ClusterMessage message)
    {
        if (Volatile.Read(ref _isStarted) != 0)
        {
            return TellAsync(message);
        }

        _ = TellLaterAsync(message);
        return ValueTask.CompletedTask;
    }

    /// <summary>
    /// Asks all other nodes; returns what has come when each has answered, <paramref name="timeout"/> is over, or the question could not be sent, and how many did not answer.
    /// The time covers what the transport takes, its start included.
    /// </summary>
    public async Task<ClusterAnswers> RequestAsync(ClusterMessage message, TimeSpan timeout, CancellationToken cancellation)
    {
        var pending = new PendingRequest();
        long id = Interlocked.Increment(ref _lastRequestId);
        _pending[id] = pending;
        Task<bool>? asking = null;
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellation, _stopped);
        try
        {
            TimeSpan longest = timeout == Timeout.InfiniteTimeSpan ? timeout : timeout + TravelTime;
            asking = AskAsync(message with { RequestId = id }, pending, ending.Token);
            if (!await asking.WaitAsync(longest, _server.Time, ending.Token))
            {
                return ClusterAnswers.None;
            }
        }
        catch (TimeoutException) when (pending.IsAsked)
        {
            // A node that did not answer may be gone; the others' answers count.
        }
        catch (Exception error) when (!cancellation.IsCancellationRequested)
        {
            if (!_stopped.IsCancellationRequested)
            {
                _server.LogHandlerFault(error, "cluster transport", message.Namespace ?? "/"); // What was answered here must not be lost with it.
            }
        }
        finally
        {
            _pending.TryRemove(id, out _);
            if (asking is { IsCompleted: false })
            {
                await ending.CancelAsync(); // Time is up: what the transport still does for the question is in vain.
            }
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
    public async ValueTask AnswerAsync(ClusterMessage question, ClusterMessage answer)
    {
        await _started.Task; // A question may come before the transport has said that it is ready to send.
        await _transport.SendAsync(question.NodeId, (answer with { RequestId = question.RequestId }).ToUtf8(), _stopped);
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0)
        {
            return;
        }

        await _stopping.CancelAsync();
        _started.TrySetCanceled(_stopped);
        await _transport.DisposeAsync();
        _stopping.Dispose();
    }

    private async ValueTask TellAsync(ClusterMessage message)
    {
        try
        {
            await _started.Task;
            await _transport.PublishAsync(message.ToUtf8(), _stopped);
        }
        catch (Exception) when (_stopped.IsCancellationRequested)
        {
            // There is nobody left to tell, whatever the transport makes of that.
        }
    }

    private async Task TellLaterAsync(ClusterMessage message)
    {
        try
        {
            await TellAsync(message);
        }
        catch (Exception error)
        {
            _server.LogHandlerFault(error, "cluster transport", message.Namespace ?? "/");
        }
    }

    // False if there is nobody to ask.
    private async Task<bool> AskAsync(ClusterMessage question, PendingRequest pending, CancellationToken cancellation)
    {
        await _started.Task.WaitAsync(cancellation);
        int others = await _transport.CountOthersAsync(cancellation);
        if (others == 0)
        {
            return false;
        }

        cancellation.ThrowIfCancellationRequested(); // The transport may not have looked.
        pending.Expect(others);
        await _transport.PublishAsync(question.ToUtf8(), cancellation);
        pending.IsAsked = true;
        await pending.Completion.WaitAsync(cancellation);
        return true;
    }

    private async Task StartAsync()
    {
        try
        {
            await _transport.StartAsync(this, _stopped);
            _started.TrySetResult();
        }
        catch (Exception error)
        {
            if (!_stopped.IsCancellationRequested)
            {
                _server.LogHandlerFault(error, "cluster transport", "/");
            }

            _started.TrySetException(error);
            _ = _started.Task.Exception; // Logged; whoever sends hears of it as well.
        }
    }
}
