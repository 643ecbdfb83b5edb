using System.Collections.Concurrent;
using Carillon.Sqlite.Files;

namespace Carillon.Sqlite.Reading;

/// <summary>Runs queries, a few at a time, each on a read-only connection and a thread of the pool: they wait for the disk.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class ReaderPool(DatabaseFile file, int size) : IAsyncDisposable
{
    private readonly SemaphoreSlim _free = new(size);
    private readonly ConcurrentBag<Reader> _idle = [];
    private volatile bool _open;
    private volatile bool _closed;

    /// <summary>Lets queries in; the file exists from now on.</summary>
    public void Open() => _open = true;

    /// <summary>Runs <paramref name="query"/> in a transaction that sees one state of the file.</summary>
    /// <exception cref="InvalidOperationException">The database is not started.</exception>
    /// <exception cref="ObjectDisposedException">The database is disposed.</exception>
    public async ValueTask<T> ReadAsync<T>(Func<Reader, CancellationToken, T> query, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_closed, typeof(SqliteDatabase));
        if (!_open)
        {
            throw new InvalidOperationException("The database is not started");
        }

        await _free.WaitAsync(cancellationToken);
        try
        {
            ObjectDisposedException.ThrowIf(_closed, typeof(SqliteDatabase));
            return await Task.Run(() => Read(query, cancellationToken), cancellationToken);
        }
        finally
        {
            _free.Release();
        }
    }

    /// <summary>Waits for the queries that run, then closes every connection.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_closed)
        {
            return;
        }

        _closed = true;
        for (int i = 0; i < size; i++)
        {
            await _free.WaitAsync();
        }

        while (_idle.TryTake(out Reader? reader))
        {
            reader.Dispose();
        }

        // Whoever waits finds the pool closed.
        _free.Release(size);
    }

    private T Read<T>(Func<Reader, CancellationToken, T> query, CancellationToken cancellationToken)
    {
        if (!_idle.TryTake(out Reader? reader))
        {
            reader = new Reader(file.OpenReader());
        }

        try
        {
            reader.Begin();
            T result = query(reader, cancellationToken);
            reader.End();
            _idle.Add(reader);
            return result;
        }
        catch
        {
            // Closing ends the statement and the transaction it was in.
            reader.Dispose();
            throw;
        }
    }
}
