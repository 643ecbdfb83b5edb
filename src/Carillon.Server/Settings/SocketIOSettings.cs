using Carillon.SocketIO;

namespace Carillon.Server.Settings;

/// <summary>Settings of the Socket.IO server.</summary>
public sealed class SocketIOSettings
{
    private static readonly SocketIOOptions Defaults = new();

    /// <summary>How often the server pings. Default: 25 s.</summary>
    public TimeSpan PingInterval { get; init; } = Defaults.PingInterval;

    /// <summary>How long it waits for the answer. Default: 20 s.</summary>
    public TimeSpan PingTimeout { get; init; } = Defaults.PingTimeout;

    internal SocketIOOptions ToOptions(IReadOnlyList<string> allowedOrigins) => Defaults with
    {
        PingInterval = PingInterval,
        PingTimeout = PingTimeout,
        AllowedOrigins = allowedOrigins,
    };

    internal IEnumerable<string> Check(string key)
    {
        if (PingInterval <= TimeSpan.Zero)
        {
            yield return $"{key}:PingInterval must be longer than zero, but is {PingInterval}";
        }

        if (PingTimeout <= TimeSpan.Zero)
        {
            yield return $"{key}:PingTimeout must be longer than zero, but is {PingTimeout}";
        }
    }
}
