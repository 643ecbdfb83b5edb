using System.Collections.Concurrent;

namespace Carillon.Connections.WebSockets;

/// <summary>
/// The connections that have something to write, and the few work items that see to them one after another. A broadcast wakes thousands of connections at once; a
/// work item of the thread pool for each would cost as much as a good part of its write. Thread-safe.
/// </summary>
internal sealed class WriteQueue : IThreadPoolWorkItem
{
    /// <summary>One more writer for so many connections that wait.</summary>
    private const int ConnectionsPerWriter = 1024;

    /// <summary>After so many a writer lets the pool's other work have its turn.</summary>
    private const int ConnectionsPerTurn = 1024;

    public static readonly WriteQueue Shared = new();
    private readonly ConcurrentQueue<WebSocketConnection> _waiting = new();
    private readonly int _maxWriters = Environment.ProcessorCount;
    private int _writers;

    /// <summary>Has <paramref name="connection"/> write what waits for it, soon.</summary>
    public void Add(WebSocketConnection connection)
    {
        _waiting.Enqueue(connection);
        StartIfFew();
    }

    void IThreadPoolWorkItem.Execute()
    {
        for (int i = 0; i < ConnectionsPerTurn && _waiting.TryDequeue(out WebSocketConnection? connection); i++)
        {
            connection.Drain();
        }

        Interlocked.Decrement(ref _writers);
        if (!_waiting.IsEmpty)
        {
            StartIfFew(); // What came since the last look, or is left over.
        }
    }

    private void StartIfFew()
    {
        int writers = Volatile.Read(ref _writers);
        bool isFew = writers == 0 || (writers < _maxWriters && _waiting.Count > writers * ConnectionsPerWriter);
        if (isFew && Interlocked.CompareExchange(ref _writers, writers + 1, writers) == writers)
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }
}
