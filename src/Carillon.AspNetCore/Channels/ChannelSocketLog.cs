using Microsoft.Extensions.Logging;

namespace Carillon.AspNetCore.Channels;

/// <summary>What channel sockets log. A channel's id may be a client's word; it holds no control characters.</summary>
internal static partial class ChannelSocketLog
{
    [LoggerMessage(1, LogLevel.Error, "{Sockets}: the object of channel {Channel} could not be generated; nothing was sent")]
    public static partial void GenerationFailed(ILogger logger, Exception error, string sockets, string channel);

    [LoggerMessage(2, LogLevel.Error, "{Sockets}: a message in channel {Channel} could not be handled; its connection is closed")]
    public static partial void MessageFailed(ILogger logger, Exception error, string sockets, string channel);

    [LoggerMessage(3, LogLevel.Error, "{Sockets}: a connection could not join channel {Channel} and is closed")]
    public static partial void JoinFailed(ILogger logger, Exception error, string sockets, string channel);

    [LoggerMessage(4, LogLevel.Warning, "{Sockets}: a connection that ended could not be taken out of channel {Channel}")]
    public static partial void LeaveFailed(ILogger logger, Exception error, string sockets, string channel);

    [LoggerMessage(5, LogLevel.Error, "{Sockets}: a socket could not be disposed")]
    public static partial void DisposeFailed(ILogger logger, Exception error, string sockets);

    [LoggerMessage(7, LogLevel.Warning, "{Sockets}: the membership of this node could not be ended; its connections leave when their leases run out")]
    public static partial void CloseFailed(ILogger logger, Exception error, string sockets);

    [LoggerMessage(6, LogLevel.Information, "{Sockets}: a connection in channel {Channel} is closed: {Reason}")]
    public static partial void Closed(ILogger logger, string sockets, string channel, string reason);
}
