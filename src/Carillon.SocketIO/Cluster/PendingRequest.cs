namespace Carillon.SocketIO.Cluster;

/// <summary>The answers of other nodes to one question. Thread-safe.</summary>
internal sealed class PendingRequest(int expected)
{
    private readonly Lock _gate = new(); // Guards _answers.
    private readonly List<ClusterMessage> _answers = [];
    private readonly TaskCompletionSource _complete = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Completion => _complete.Task;

    public void Add(ClusterMessage answer)
    {
        lock (_gate)
        {
            _answers.Add(answer);
            if (_answers.Count < expected)
            {
                return;
            }
        }

        _complete.TrySetResult();
    }

    public ClusterMessage[] Collect()
    {
        lock (_gate)
        {
            return [.. _answers];
        }
    }
}
