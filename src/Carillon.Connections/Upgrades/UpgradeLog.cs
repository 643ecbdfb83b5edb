using Microsoft.Extensions.Logging;

namespace Carillon.Connections.Upgrades;

/// <summary>What is logged about upgrade requests.</summary>
internal static partial class UpgradeLog
{
    [LoggerMessage(1, LogLevel.Error, "The application failed to answer a WebSocket upgrade")]
    public static partial void ApplicationFault(ILogger logger, Exception error);
}
