using Microsoft.Extensions.Logging;

namespace Carillon.Connections.Upgrades;

/// <summary>What is logged about upgrade requests.</summary>
internal static partial class UpgradeLog
{
    [LoggerMessage(2, LogLevel.Error, "No connection can be accepted: the process has too many open files")]
    public static partial void TooManySockets(ILogger logger);

    [LoggerMessage(1, LogLevel.Error, "The application failed to answer a WebSocket upgrade")]
    public static partial void ApplicationFault(ILogger logger, Exception error);
}
