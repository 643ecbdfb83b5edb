using System.Diagnostics;

namespace Carillon.Sqlite.Writing;

/// <summary>
/// What waits for the writer thread, first come first served. Bounded: beyond the capacity callers wait for room, in a line of their own, so that
/// the order of the calls is the order of the writes.
/// </summary>
/// <remarks><see cref="EnqueueAsync"/>, <see cref="Wake"/> and <see cref="Close"/> are thread-safe; <see cref="Take"/> is the writer's alone.</remarks>
internal sealed class WriteQueue(int capacity)
{
    // Guards everything below; held for a few operations only, never over I/O.
    private readonly object _lock = new();
    private readonly Queue<IWriteOperation> _waiting = new();
    private readonly Queue<Waiter> _line = new();
    private bool _parked;
    private bool _woken;
    private bool _closed;
    private volatile int _count;

    /// <summary>How many operations wait.</summary>
    public int Count => _count;

    /// <summary>Adds an operation now, or puts it in line until there is room.</summary>
    /// <returns>False when the queue is closed.</returns>
    /// <exception cref="OperationCanceledException">The caller gave up before there was room; nothing was added.</exception>
    public ValueTask<bool> EnqueueAsync(IWriteOperation operation, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_closed)
            {
                return new ValueTask<bool>(false);
            }

            if (_waiting.Count < capacity && _line.Count == 0)
            {
                _waiting.Enqueue(operation);
                _count = _waiting.Count;
                PulseNeedsLock();
                return new ValueTask<bool>(true);
            }

            var waiter = new Waiter(operation);
            _line.Enqueue(waiter);
            return waiter.WaitAsync(cancellationToken);
        }
    }

    /// <summary>
    /// Moves operations of up to <paramref name="maxWeight"/> to <paramref name="batch"/>, at least one if there is any.
    /// When there is none and <paramref name="wait"/> is set, waits for one, for <see cref="Wake"/> or for <see cref="Close"/>.
    /// </summary>
    /// <returns>False when the queue is closed and empty.</returns>
    public bool Take(List<IWriteOperation> batch, int maxWeight, bool wait)
    {
        lock (_lock)
        {
            while (wait && _waiting.Count == 0 && !_woken && !_closed)
            {
                _parked = true;
                Monitor.Wait(_lock);
                _parked = false;
            }

            _woken = false;
            int weight = 0;
            while (_waiting.TryPeek(out IWriteOperation? next) && (weight == 0 || weight + next.Weight <= maxWeight))
            {
                batch.Add(_waiting.Dequeue());
                weight += next.Weight;
            }

            LetInNeedsLock();
            _count = _waiting.Count;
            return batch.Count > 0 || !_closed;
        }
    }

    /// <summary>Makes a waiting <see cref="Take"/> return.</summary>
    public void Wake()
    {
        lock (_lock)
        {
            _woken = true;
            PulseNeedsLock();
        }
    }

    /// <summary>Takes nothing more; what waits is still to be taken, and who waits in line is turned away.</summary>
    public void Close()
    {
        lock (_lock)
        {
            _closed = true;
            while (_line.TryDequeue(out Waiter? waiter))
            {
                waiter.TrySetResult(false);
            }

            PulseNeedsLock();
        }
    }

    /// <summary>Waits until the queue is closed, at most <paramref name="timeout"/>; what comes meanwhile does not shorten it.</summary>
    /// <returns>True when it is closed.</returns>
    public bool WaitClosed(TimeSpan timeout)
    {
        lock (_lock)
        {
            long start = Stopwatch.GetTimestamp();
            for (TimeSpan left = timeout; !_closed && left > TimeSpan.Zero; left = timeout - Stopwatch.GetElapsedTime(start))
            {
                _parked = true;
                Monitor.Wait(_lock, left);
                _parked = false;
            }

            return _closed;
        }
    }

    private void LetInNeedsLock()
    {
        while (_waiting.Count < capacity && _line.TryDequeue(out Waiter? waiter))
        {
            // One that was cancelled has left the line.
            if (waiter.TrySetResult(true))
            {
                _waiting.Enqueue(waiter.Operation);
            }
        }
    }

    private void PulseNeedsLock()
    {
        if (_parked)
        {
            Monitor.Pulse(_lock);
        }
    }

    private sealed class Waiter(IWriteOperation operation) : TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public IWriteOperation Operation { get; } = operation;

        public async ValueTask<bool> WaitAsync(CancellationToken cancellationToken)
        {
            await using CancellationTokenRegistration registration = cancellationToken.UnsafeRegister(
                static (waiter, token) => ((Waiter)waiter!).TrySetCanceled(token), this);
            return await Task;
        }
    }
}
