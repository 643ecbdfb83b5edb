namespace Carillon.Connections;

/// <summary>Bounds of one session's <see cref="Outbox"/>.</summary>
public sealed record OutboxOptions
{
    /// <summary>How many frames may wait; at least 1. Default 1,024.</summary>
    public int MaxFrames { get; set; } = 1024;

    /// <summary>How many bytes may wait; at least 1. Default 1 MiB. A larger frame, and frames that belong together and hold more, are accepted by an empty outbox only; they do not count against those behind them.</summary>
    public int MaxBytes { get; set; } = 1024 * 1024;

    /// <summary>
    /// How long a burst may last: for that long an outbox may hold up to 64 times <see cref="MaxFrames"/> and <see cref="MaxBytes"/>, counted from the frame that
    /// passed a bound until it is back within both. A client that reads gets over a burst; one that does not is found out by the time. Zero allows none. Default 1 s.
    /// A transport that takes little at a time, as polling does, may begin the time anew whenever it takes.
    /// </summary>
    public TimeSpan BurstTime { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How long a connection may take for 64 KiB of what is written to it, or for what is left, before it is aborted; positive. Default 10 s, so that a client that reads less
    /// than 6.5 kB a second while more than its network buffers hold waits for it is cut off. How long a whole message takes does not count.
    /// </summary>
    public TimeSpan WriteTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Throws an <see cref="Microsoft.Extensions.Options.OptionsValidationException"/> that names the wrong setting.</summary>
    public void Validate()
    {
        SettingCheck.Require<OutboxOptions>(MaxFrames >= 1, nameof(MaxFrames), "at least 1");
        SettingCheck.Require<OutboxOptions>(MaxBytes >= 1, nameof(MaxBytes), "at least 1");
        SettingCheck.Require<OutboxOptions>(BurstTime >= TimeSpan.Zero, nameof(BurstTime), "zero or positive");
        SettingCheck.Require<OutboxOptions>(WriteTimeout > TimeSpan.Zero, nameof(WriteTimeout), "positive");
    }
}
