using Microsoft.Extensions.Logging;

namespace Carillon.Sqlite;

public sealed partial class SqliteDatabase
{
    [LoggerMessage(1, LogLevel.Information, "Database {Path} opened: schema {Schema}, {Topics} topics, synchronous {Synchronous}; SQLite {Version} ({Library})")]
    private static partial void LogOpened(ILogger logger, string path, int schema, int topics, SynchronousMode synchronous, string version, string library);

    [LoggerMessage(2, LogLevel.Information, "Migration {Migration} applied")]
    private static partial void LogMigrated(ILogger logger, string migration);

    [LoggerMessage(3, LogLevel.Warning, "Synchronous mode is Off: acknowledged messages do not survive a power loss")]
    private static partial void LogNotDurable(ILogger logger);

    [LoggerMessage(4, LogLevel.Information, "Database {Path} closed")]
    private static partial void LogClosed(ILogger logger, string path);
}
