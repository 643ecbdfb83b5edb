using Carillon.Interop.Tests.Waiting;

namespace Carillon.Interop.Tests.Clients;

/// <summary>What came, in order, and a way to wait for more. Thread-safe.</summary>
internal sealed class EventLog<T>
{
    private readonly Lock _gate = new();
    private readonly List<T> _items = [];
    private TaskCompletionSource _grown = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public IReadOnlyList<T> Snapshot()
    {
        lock (_gate)
        {
            return [.. _items];
        }
    }

    public void Add(T item)
    {
        TaskCompletionSource grown;
        lock (_gate)
        {
            _items.Add(item);
            grown = _grown;
            _grown = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        grown.SetResult();
    }

    /// <summary>Waits until <paramref name="count"/> items match, and returns all that match.</summary>
    public async Task<IReadOnlyList<T>> WaitAsync(Func<T, bool> matches, int count, string expectation, TimeSpan? deadline = null)
    {
        using var patience = new CancellationTokenSource(deadline ?? Deadlines.Usual);
        while (true)
        {
            Task grown;
            List<T> matching;
            lock (_gate)
            {
                grown = _grown.Task;
                matching = [.. _items.Where(matches)];
            }

            if (matching.Count >= count)
            {
                return matching;
            }

            try
            {
                await grown.WaitAsync(patience.Token);
            }
            catch (OperationCanceledException late)
            {
                throw new TimeoutException($"Waited in vain for {expectation} ({matching.Count} of {count}). Got:\n{string.Join('\n', Snapshot())}", late);
            }
        }
    }
}
