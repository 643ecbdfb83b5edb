using Carillon.Engines;
using Carillon.Hubs;
using Microsoft.Extensions.Logging;

namespace Carillon.Sqlite;

/// <summary>
/// Keeps each hub in a database file of its own, <c>hub.db</c> for the hub <c>hub</c>, in one folder: no query of one hub can reach another's rows, and one is backed up, moved or
/// deleted without the other.
/// </summary>
/// <param name="folder">Where the files are; created if it does not exist.</param>
/// <param name="options">Settings of every file; its path is not used. Null for the defaults.</param>
/// <param name="time">The engines' clock.</param>
/// <param name="loggers">Where the databases write their logs.</param>
/// <remarks>Thread-safe. Disposing copies the write-ahead logs into the files and closes them; to be done after the hubs.</remarks>
public sealed class SqliteHubStorage(string folder, SqliteOptions? options, TimeProvider time, ILoggerFactory loggers) : IHubStorage, IAsyncDisposable
{
    private readonly Lock _gate = new(); // guards the list
    private readonly List<SqliteDatabase> _databases = [];

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">A setting is not acceptable, or the name is none.</exception>
    public HubStores Open(string hub, EngineOptions options)
    {
        if (!HubName.IsName(hub))
        {
            throw new ArgumentException($"'{hub}' is no name of a hub", nameof(hub));
        }

        Directory.CreateDirectory(folder);
        SqliteDatabase database = SqliteDatabase.Create(DatabaseOptions with { Path = Path.Combine(folder, $"{hub}.db") }, options, time, loggers);
        lock (_gate)
        {
            _databases.Add(database);
        }

        return new HubStores(database.Topics, database.Consumers);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        SqliteDatabase[] databases;
        lock (_gate)
        {
            databases = [.. _databases];
            _databases.Clear();
        }

        foreach (SqliteDatabase database in databases)
        {
            await database.DisposeAsync();
        }
    }

    private SqliteOptions DatabaseOptions { get; } = options ?? new SqliteOptions();
}
