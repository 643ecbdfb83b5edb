using System.Globalization;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Carillon.Sqlite.Files;

/// <summary>Opens connections to the one database file, each with the settings of its role.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class DatabaseFile
{
    /// <summary>Page cache of a reading connection in KiB: its queries touch a few hundred pages at most.</summary>
    private const int ReaderCacheKib = 8192;

    private readonly SqliteOptions _options;

    public DatabaseFile(SqliteOptions options)
    {
        _options = options;
        string path = System.IO.Path.GetFullPath(options.Path);

        // Two names of one file must meet at one lock.
        Path = (File.Exists(path) ? File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName : null) ?? path;
    }

    /// <summary>The absolute path, links resolved.</summary>
    public string Path { get; }

    public string WalPath => Path + "-wal";

    public int BusyMilliseconds => (int)_options.BusyTimeout.TotalMilliseconds;

    /// <summary>Opens the connection that writes; the file is created if there is none.</summary>
    public SqliteConnection OpenWriter()
    {
        SqliteConnection connection = Open(SqliteOpenMode.ReadWriteCreate);
        try
        {
            string mode = Scalar(connection, "PRAGMA journal_mode=WAL");
            if (!string.Equals(mode, "wal", StringComparison.OrdinalIgnoreCase))
            {
                throw new SqliteDatabaseException($"Database '{Path}' cannot use a write-ahead log (journal mode stays '{mode}')");
            }

            Execute(connection, $"PRAGMA synchronous={(_options.Synchronous == SynchronousMode.Full ? "FULL" : "OFF")}");
            Execute(connection, "PRAGMA wal_autocheckpoint=0");
            Execute(connection, string.Create(CultureInfo.InvariantCulture, $"PRAGMA journal_size_limit={_options.CheckpointBytes * 4}"));
            Execute(connection, string.Create(CultureInfo.InvariantCulture, $"PRAGMA cache_size=-{_options.CacheBytes / 1024}"));
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Opens a connection that cannot write. The file must exist.</summary>
    public SqliteConnection OpenReader()
    {
        SqliteConnection connection = Open(SqliteOpenMode.ReadOnly);
        Execute(connection, string.Create(CultureInfo.InvariantCulture, $"PRAGMA cache_size=-{ReaderCacheKib}"));
        return connection;
    }

    /// <summary>Runs SQL of our own, which may be several statements.</summary>
    public static void Execute(SqliteConnection connection, string sql)
    {
        using SqliteCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // No caller passes input of others: constants, embedded migrations, numbers from options.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }

    /// <summary>The first column of the first row as text; empty when there is none.</summary>
    public static string Scalar(SqliteConnection connection, string sql)
    {
        using SqliteCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // As above.
        command.CommandText = sql;
#pragma warning restore CA2100
        return Convert.ToString(command.ExecuteScalar(), CultureInfo.InvariantCulture) ?? string.Empty;
    }

    private SqliteConnection Open(SqliteOpenMode mode)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Path, Mode = mode, Pooling = false }.ToString());
        try
        {
            connection.Open();
            _ = raw.sqlite3_busy_timeout(connection.Handle!, BusyMilliseconds);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }
}
