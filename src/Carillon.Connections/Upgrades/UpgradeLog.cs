using Microsoft.Extensions.Logging;

namespace Carillon.Connections.Upgrades;

/// <summary>What is logged about upgrade requests.</summary>
internal static partial class UpgradeLog
{
    [LoggerMessage(1, LogLevel.Error, "The application failed to answer a WebSocket upgrade")]
    public static partial void ApplicationFault(ILogger logger, Exception error);

    [LoggerMessage(2, LogLevel.Error, "No connection can be accepted ({Untold} more such faults since the last one told)")]
    public static partial void AcceptFault(ILogger logger, Exception error, int untold);

    [LoggerMessage(3, LogLevel.Error, "A connection failed before its first request was answered, and was closed")]
    public static partial void ConnectionFault(ILogger logger, Exception error);
}
