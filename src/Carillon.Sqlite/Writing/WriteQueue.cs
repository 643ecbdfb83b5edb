namespace Carillon.Sqlite.Writing;

/// <summary>What waits for the writer thread, first come first served. Bounded: beyond the capacity callers wait for room.</summary>
/// <remarks><see cref="TryEnqueue"/>, <see cref="EnqueueAsync"/>, <see cref="Wake"/> and <see cref="Close"/> are thread-safe; <see cref="Take"/> is the writer's alone.</remarks>
internal sealed class WriteQueue(int capacity) : IDisposable
{
    // Guards everything below; held for a few operations only, never over I/O.
    private readonly object _lock = new();
    private readonly Queue<IWriteOperation> _waiting = new();
    private readonly SemaphoreSlim _room = new(capacity);
    private bool _parked;
    private bool _woken;
    private bool _closed;
    private volatile int _count;

    /// <summary>How many operations wait.</summary>
    public int Count => _count;

    /// <summary>Adds an operation if there is room now.</summary>
    /// <returns>False when there is none, or when the queue is closed.</returns>
    public bool TryEnqueue(IWriteOperation operation) => _room.Wait(0) && Enqueue(operation);

    /// <summary>Adds an operation, as soon as there is room.</summary>
    /// <returns>False when the queue is closed.</returns>
    /// <exception cref="OperationCanceledException">The caller gave up before there was room; nothing was added.</exception>
    public async ValueTask<bool> EnqueueAsync(IWriteOperation operation, CancellationToken cancellationToken)
    {
        await _room.WaitAsync(cancellationToken);
        return Enqueue(operation);
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

            _count = _waiting.Count;
            if (batch.Count == 0 && _closed)
            {
                return false;
            }
        }

        if (batch.Count > 0)
        {
            _room.Release(batch.Count);
        }

        return true;
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

    /// <summary>Takes nothing more; what waits is still to be taken.</summary>
    public void Close()
    {
        lock (_lock)
        {
            _closed = true;
            PulseNeedsLock();
        }
    }

    /// <summary>Waits until the queue is closed, at most <paramref name="timeout"/>.</summary>
    /// <returns>True when it is closed.</returns>
    public bool WaitClosed(TimeSpan timeout)
    {
        lock (_lock)
        {
            if (!_closed)
            {
                _parked = true;
                Monitor.Wait(_lock, timeout);
                _parked = false;
            }

            return _closed;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _room.Dispose();

    private bool Enqueue(IWriteOperation operation)
    {
        lock (_lock)
        {
            if (!_closed)
            {
                _waiting.Enqueue(operation);
                _count = _waiting.Count;
                PulseNeedsLock();
                return true;
            }
        }

        _room.Release();
        return false;
    }

    private void PulseNeedsLock()
    {
        if (_parked)
        {
            Monitor.Pulse(_lock);
        }
    }
}
