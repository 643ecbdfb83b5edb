namespace Carillon.Interop.Tests.Crash;

/// <summary>What publishers sent and what was acknowledged, kept outside of the server that is going to be killed. Thread-safe.</summary>
/// <param name="clock">Tells the moment of an acknowledgement, for <see cref="AsOf"/>; by default all have the same.</param>
internal sealed class PublisherLedger(Func<long>? clock = null)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<PublishKey, long> _acknowledged = [];
    private readonly Dictionary<PublishKey, long> _moments = [];
    private readonly HashSet<PublishKey> _unanswered = [];
    private readonly List<string> _faults = [];
    private (int Count, TaskCompletionSource Reached)? _goal;

    public IReadOnlyDictionary<PublishKey, long> Acknowledged
    {
        get
        {
            lock (_gate)
            {
                return new Dictionary<PublishKey, long>(_acknowledged);
            }
        }
    }

    /// <summary>Sent, but the connection broke before the answer: stored or not, nobody knows.</summary>
    public IReadOnlyList<PublishKey> Unanswered
    {
        get
        {
            lock (_gate)
            {
                return [.. _unanswered];
            }
        }
    }

    /// <summary>Answers that contradict each other.</summary>
    public IReadOnlyList<string> Faults
    {
        get
        {
            lock (_gate)
            {
                return [.. _faults];
            }
        }
    }

    public void Sent(PublishKey key)
    {
        lock (_gate)
        {
            _unanswered.Add(key);
        }
    }

    public void Answered(PublishKey key, long offset)
    {
        var moment = clock?.Invoke() ?? 0;
        lock (_gate)
        {
            _moments[key] = moment;
            _unanswered.Remove(key);
            if (!_acknowledged.TryAdd(key, offset))
            {
                _faults.Add($"{key} was acknowledged before");
            }

            if (_goal is { } goal && _acknowledged.Count >= goal.Count)
            {
                goal.Reached.TrySetResult();
            }
        }
    }

    public void Refused(PublishKey key, string answer)
    {
        lock (_gate)
        {
            _faults.Add($"{key} was refused: {answer}");
        }
    }

    /// <summary>What was known at an earlier moment: acknowledgements that came later are not answered yet.</summary>
    public PublisherLedger AsOf(long moment)
    {
        var then = new PublisherLedger();
        lock (_gate)
        {
            then._unanswered.UnionWith(_unanswered);
            foreach (var (key, offset) in _acknowledged)
            {
                if (_moments[key] <= moment)
                {
                    then._acknowledged[key] = offset;
                }
                else
                {
                    then._unanswered.Add(key);
                }
            }
        }

        return then;
    }

    /// <summary>Completes when that many more publishes are acknowledged.</summary>
    public Task MoreAcknowledgedAsync(int count)
    {
        lock (_gate)
        {
            var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _goal = (_acknowledged.Count + count, reached);
            return reached.Task.WaitAsync(Waiting.Deadlines.Usual);
        }
    }
}
