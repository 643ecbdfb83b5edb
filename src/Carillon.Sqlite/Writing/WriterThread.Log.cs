using Microsoft.Extensions.Logging;

namespace Carillon.Sqlite.Writing;

internal sealed partial class WriterThread
{
    [LoggerMessage(10, LogLevel.Error, "The writer failed while it was {Stage} a transaction of {Operations} operations; it restarts")]
    private static partial void LogFault(ILogger logger, Exception exception, WriteStage stage, int operations);

    [LoggerMessage(11, LogLevel.Warning, "The database is locked by another program; {Operations} operations were refused")]
    private static partial void LogLocked(ILogger logger, int operations);

    [LoggerMessage(12, LogLevel.Error, "The writer could not restart; it tries again in {Seconds} s")]
    private static partial void LogRestartFailed(ILogger logger, Exception exception, double seconds);

    [LoggerMessage(13, LogLevel.Warning, "The writer is back; {Recovered} messages of the failed commit turned out to be stored")]
    private static partial void LogRestarted(ILogger logger, long recovered);

    [LoggerMessage(14, LogLevel.Error, "A checkpoint failed; the write-ahead log keeps growing until one succeeds")]
    private static partial void LogCheckpointFailed(ILogger logger, Exception exception);

    [LoggerMessage(15, LogLevel.Warning, "The write-ahead log has {Pages} pages and cannot start over: a reader keeps it in use")]
    private static partial void LogWalKept(ILogger logger, int pages);

    [LoggerMessage(16, LogLevel.Error, "Free disk space is below {Floor} bytes: publishes are refused until there is more")]
    private static partial void LogDiskFull(ILogger logger, long floor);

    [LoggerMessage(17, LogLevel.Information, "Free disk space is above {Floor} bytes again: publishes are accepted")]
    private static partial void LogDiskFree(ILogger logger, long floor);

    [LoggerMessage(18, LogLevel.Error, "Fan-out threw, which it must not; {Messages} messages may not have been delivered")]
    private static partial void LogSinkFailed(ILogger logger, Exception exception, int messages);

    [LoggerMessage(20, LogLevel.Critical, "The database file was removed while it was open: nothing is taken any more; restart the server")]
    private static partial void LogFileGone(ILogger logger);

    [LoggerMessage(19, LogLevel.Critical, "The writer ended; nothing is stored any more")]
    private static partial void LogEnded(ILogger logger, Exception exception);
}
