using Carillon.Connections;

namespace Carillon.SocketIO.Recovery;

/// <summary>
/// Settings of connection state recovery: a client that lost its connection and comes back in time gets its id, rooms and data back, and the events it missed.
/// Every event without an acknowledgement then carries one more argument, its offset; handlers that take an exact number of arguments, as in Python, must take it.
/// </summary>
public sealed record ConnectionStateRecoveryOptions
{
    /// <summary>How long a client may be away; positive. Default 2 minutes.</summary>
    public TimeSpan MaxDisconnectionDuration { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>Whether a client that is recovered passes the namespace's checks without being asked again. Default true.</summary>
    public bool SkipMiddlewares { get; set; } = true;

    /// <summary>
    /// How many bytes of events all namespaces together keep in memory, what events cost besides their content included; at least 1. Default 64 MiB. Beyond it the oldest go,
    /// and clients that missed one of them are not recovered.
    /// </summary>
    public int MaxBytes { get; set; } = 64 * 1024 * 1024;

    /// <summary>How many events all namespaces together keep in memory; at least 1. Default 200,000. Beyond it the oldest go.</summary>
    public int MaxEvents { get; set; } = 200_000;

    /// <summary>How many clients that lost the connection are remembered, in all namespaces together; at least 1. Default 100,000. Beyond it the oldest are forgotten, and begin anew.</summary>
    public int MaxSessions { get; set; } = 100_000;

    /// <summary>
    /// Where sessions and events are kept, which then has its own bounds, for each namespace by its name; null for memory. Each call gives a store of its own, as it is disposed
    /// of with its namespace. It is called while clients wait to join: it must not block.
    /// </summary>
    public Func<string, IRecoveryStore>? CreateStore { get; set; }

    /// <summary>Throws an <see cref="Microsoft.Extensions.Options.OptionsValidationException"/> that names the wrong setting.</summary>
    public void Validate()
    {
        SettingCheck.Require<ConnectionStateRecoveryOptions>(MaxDisconnectionDuration > TimeSpan.Zero, nameof(MaxDisconnectionDuration), "positive");
        SettingCheck.Require<ConnectionStateRecoveryOptions>(MaxBytes >= 1, nameof(MaxBytes), "at least 1");
        SettingCheck.Require<ConnectionStateRecoveryOptions>(MaxEvents >= 1, nameof(MaxEvents), "at least 1");
        SettingCheck.Require<ConnectionStateRecoveryOptions>(MaxSessions >= 1, nameof(MaxSessions), "at least 1");
    }
}
