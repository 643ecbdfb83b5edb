using Microsoft.Extensions.Logging;

namespace Carillon.AspNetCore.WebSockets;

/// <summary>Logs what clients sent that is no JSON, once in a while with how much it was: whoever sends garbage must not fill the log. Thread-safe.</summary>
internal sealed partial class GarbageLog(ILogger logger, TimeProvider time)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new(); // Guards all below.
    private long _ignored;
    private long? _loggedAt;

    public void Add(string connection, int length)
    {
        long count;
        lock (_gate)
        {
            _ignored++;
            if (_loggedAt is { } at && time.GetElapsedTime(at) < Pause)
            {
                return;
            }

            _loggedAt = time.GetTimestamp();
            count = _ignored;
            _ignored = 0;
        }

        LogIgnored(count, connection, length);
    }

    [LoggerMessage(1, LogLevel.Warning, "{Count} messages that are not JSON were ignored; the last came from connection {Connection} and had {Length} bytes")]
    private partial void LogIgnored(long count, string connection, int length);
}
