using Microsoft.Extensions.Logging;

namespace Carillon.Connections;

/// <summary>What a <see cref="Heartbeat"/> logs.</summary>
internal static partial class HeartbeatLog
{
    [LoggerMessage(1, LogLevel.Error, "A client of the heartbeat failed")]
    public static partial void ClientFault(ILogger logger, Exception error);
}
