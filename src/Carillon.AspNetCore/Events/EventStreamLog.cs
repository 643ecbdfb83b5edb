using Microsoft.Extensions.Logging;

namespace Carillon.AspNetCore.Events;

/// <summary>What event streams log.</summary>
internal static partial class EventStreamLog
{
    [LoggerMessage(1, LogLevel.Information, "Event stream {Session} is cut off: {Reason}")]
    public static partial void CutOff(ILogger logger, string session, string reason);

    [LoggerMessage(2, LogLevel.Information, "Event stream {Session} is ended: {Reason}")]
    public static partial void Ended(ILogger logger, string session, string reason);
}
