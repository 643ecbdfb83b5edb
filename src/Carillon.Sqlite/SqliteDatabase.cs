using Carillon.Consumers;
using Carillon.Engines;
using Carillon.Errors;
using Carillon.Sqlite.Consumers;
using Carillon.Sqlite.Diagnostics;
using Carillon.Sqlite.Engines;
using Carillon.Sqlite.Files;
using Carillon.Sqlite.Native;
using Carillon.Sqlite.Reading;
using Carillon.Sqlite.Schema;
using Carillon.Sqlite.Writing;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace Carillon.Sqlite;

/// <summary>
/// One SQLite file that holds messages, subscriptions and consumptions. It is opened when <see cref="Topics"/> is started; then
/// <see cref="Consumers"/> can be. A write completes when its transaction is on the disk (<see cref="SynchronousMode.Full"/>).
/// Disposing finishes what was accepted, copies the write-ahead log into the file and closes it; further writes are refused as unavailable,
/// further queries throw <see cref="ObjectDisposedException"/>.
/// </summary>
/// <remarks>Thread-safe. One process at a time can have a file open; other programs may read it meanwhile.</remarks>
public sealed partial class SqliteDatabase : IAsyncDisposable
{
    private static readonly TimeSpan SweepInterval = TimeSpan.FromSeconds(1);
    private static readonly Error Unavailable = new(ErrorCode.Unavailable, "The database is not open; nothing was stored");

    private readonly SqliteOptions _options;
    private readonly EngineOptions _engineOptions;
    private readonly RetentionTable _retention; // Touched while the file is opened, then by the writer's thread.
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly SqliteSeams _seams;
    private readonly DatabaseFile _file;
    private readonly WriteQueue _queue;
    private readonly WriterThread _writer;
    private readonly ReaderPool _readers;
    private readonly SqliteMetrics _metrics;

    // Start and disposal take turns.
    private readonly SemaphoreSlim _lifecycle = new(1);
    private FileLock? _lock;
    private ITimer? _sweep;
    private bool _started;
    private bool _disposed;

    private SqliteDatabase(SqliteOptions options, EngineOptions engineOptions, TimeProvider time, ILoggerFactory loggers, SqliteSeams seams)
    {
        _options = options;
        _engineOptions = engineOptions;
        _retention = new RetentionTable(engineOptions);
        _time = time;
        _seams = seams;
        _logger = loggers.CreateLogger<SqliteDatabase>();
        _file = new DatabaseFile(options);
        _queue = new WriteQueue(options.QueueCapacity);
        _readers = new ReaderPool(_file, options.Readers);
        _metrics = new SqliteMetrics(_queue, _file);
        var disk = new DiskSpace(options.MinFreeDiskBytes, () => seams.FreeDiskBytes(_file.Path), time);
        _writer = new WriterThread(_queue, OpenWriter, () => File.Exists(_file.Path), options, disk, _metrics, _logger);
        Topics = new SqliteTopicEngine(this, time);
        Consumers = new SqliteConsumerStore(this);
    }

    /// <summary>Messages and topics. Starting it opens the file and throws <see cref="SqliteDatabaseException"/> when that cannot be done.</summary>
    public ITopicEngine Topics { get; }

    /// <summary>Subscriptions and consumptions. Starting it needs <see cref="Topics"/> to be started.</summary>
    public IConsumerStore Consumers { get; }

    internal EngineStatus Status => _writer.Status;

    /// <summary>Prepares a database; the file is not touched before <see cref="Topics"/> is started.</summary>
    /// <exception cref="ArgumentException">A setting is not acceptable; the message names it.</exception>
    public static SqliteDatabase Create(SqliteOptions options, EngineOptions engineOptions, TimeProvider time, ILoggerFactory loggers) =>
        Create(options, engineOptions, time, loggers, new SqliteSeams());

    internal static SqliteDatabase Create(
        SqliteOptions options, EngineOptions engineOptions, TimeProvider time, ILoggerFactory loggers, SqliteSeams seams)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(engineOptions);
        ArgumentNullException.ThrowIfNull(time);
        ArgumentNullException.ThrowIfNull(loggers);
        options.Validate();
        return engineOptions.DedupeWindow < EngineOptions.MinDedupeWindow
            ? throw new ArgumentException($"Engine option '{nameof(EngineOptions.DedupeWindow)}' must be at least {EngineOptions.MinDedupeWindow}", nameof(engineOptions))
            : new SqliteDatabase(options, engineOptions, time, loggers, seams);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _lifecycle.WaitAsync();
        try
        {
            if (_disposed)
            {
                return;
            }

            _disposed = true;
            _queue.Close();
            await _readers.DisposeAsync();
            if (_started)
            {
                await _sweep!.DisposeAsync();
                await _writer.Ended;
                LogClosed(_logger, _file.Path);
            }

            _lock?.Dispose();
            _metrics.Dispose();
        }
        finally
        {
            _lifecycle.Release();
        }
    }

    /// <summary>Opens the file and begins to write.</summary>
    internal async ValueTask<IReadOnlyList<StoredTopic>> StartAsync(IMessageSink sink, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(sink);
        await _lifecycle.WaitAsync(cancellationToken);
        try
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (_started)
            {
                throw new InvalidOperationException("The database is started already");
            }

            (WriterConnection connection, IReadOnlyList<StoredTopic> topics) = await Task.Run(Open, cancellationToken);
            _readers.Open();
            _writer.Start(connection, sink);
            _started = true;
            _sweep = _time.CreateTimer(_ => _writer.RequestSweep(), null, SweepInterval, SweepInterval);
            return topics;
        }
        finally
        {
            _lifecycle.Release();
        }
    }

    /// <summary>Queues a write and waits for its commit. Cancelling ends the wait, not the write, once it is queued.</summary>
    internal ValueTask<T> WriteAsync<T>(WriteOperation<T> operation, CancellationToken cancellationToken)
    {
        if (!_writer.Accepts)
        {
            operation.Fail(Unavailable);
            return new ValueTask<T>(operation.Task);
        }

        ValueTask<bool> queued = _queue.EnqueueAsync(operation, cancellationToken);
        if (!queued.IsCompletedSuccessfully)
        {
            return WriteWhenRoomAsync(operation, queued, cancellationToken);
        }

#pragma warning disable VSTHRD103 // It has completed.
        if (!queued.Result)
#pragma warning restore VSTHRD103
        {
            operation.Fail(Unavailable);
        }

        return new ValueTask<T>(cancellationToken.CanBeCanceled ? operation.Task.WaitAsync(cancellationToken) : operation.Task);
    }

    /// <summary>Runs a query on a reading connection.</summary>
    internal ValueTask<T> ReadAsync<T>(Func<Reader, CancellationToken, T> query, CancellationToken cancellationToken) =>
        _readers.ReadAsync(query, cancellationToken);

    /// <summary>Waits for what has been queued so far.</summary>
    internal async ValueTask DrainAsync() => await WriteAsync(new BarrierOperation(), CancellationToken.None);

    private static async ValueTask<T> WriteWhenRoomAsync<T>(WriteOperation<T> operation, ValueTask<bool> queued, CancellationToken cancellationToken)
    {
        if (!await queued)
        {
            operation.Fail(Unavailable);
        }

        return await operation.Task.WaitAsync(cancellationToken);
    }

    private WriterConnection OpenWriter() => WriterConnection.Open(_file, _engineOptions, _retention, _time, _seams.Commit);

    private (WriterConnection Connection, IReadOnlyList<StoredTopic> Topics) Open()
    {
        LoadedLibrary library = SqliteLibrary.Load(_options.NativeLibrary);
        _lock = FileLock.Acquire(_file.Path);
        try
        {
            int schema = Migrate();
            WriterConnection connection = OpenWriter();
            StoredTopic[] topics = [.. connection.Messages.Topics];
            LogOpened(_logger, _file.Path, schema, topics.Length, _options.Synchronous, library.Version, library.Name);
            if (_options.Synchronous == SynchronousMode.Off)
            {
                LogNotDurable(_logger);
            }

            return (connection, topics);
        }
        catch (Exception e)
        {
            _lock.Dispose();
            _lock = null;
            throw e as SqliteDatabaseException ?? new SqliteDatabaseException($"Database '{_file.Path}' cannot be opened: {e.Message}", e);
        }
    }

    private int Migrate()
    {
        using SqliteConnection connection = _file.OpenForMigration();
        foreach (Migration migration in Migrator.Apply(connection, _file.Path, Migration.All, _time))
        {
            LogMigrated(_logger, migration.Name);
        }

        return Migration.All[^1].Number;
    }
}
