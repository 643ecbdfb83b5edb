namespace Carillon.SocketIO.Cluster;

/// <summary>The answers of other nodes to one question. Thread-safe.</summary>
internal sealed class PendingRequest
{
    private readonly Lock _gate = new(); // Guards the fields below.
    private readonly Dictionary<string, ClusterMessage> _answers = new(StringComparer.Ordinal);
    private readonly TaskCompletionSource _complete = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _expected;
    private bool _isAsked; // Not guarded.

    public Task Completion => _complete.Task;

    /// <summary>Whether the question was sent: a timeout is then that of nodes which do not answer, before that the transport's.</summary>
    public bool IsAsked
    {
        get => Volatile.Read(ref _isAsked);
        set => Volatile.Write(ref _isAsked, value);
    }

    /// <summary>So many nodes are asked, one or more. To be called before any of them is.</summary>
    public void Expect(int nodes)
    {
        lock (_gate)
        {
            _expected = nodes;
        }
    }

    public void Add(ClusterMessage answer)
    {
        lock (_gate)
        {
            _answers[answer.NodeId] = answer;
            if (_answers.Count < _expected)
            {
                return;
            }
        }

        _complete.TrySetResult();
    }

    public ClusterAnswers Collect()
    {
        lock (_gate)
        {
            ClusterMessage[] found = [.. _answers.Values.Where(static answer => !answer.IsFault)];
            return new ClusterAnswers(found, Math.Max(0, Math.Max(_expected, 1) - found.Length));
        }
    }
}
