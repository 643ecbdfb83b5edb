namespace Carillon.Connections;

/// <summary>Bounds of one session's <see cref="Outbox"/>.</summary>
public sealed record OutboxOptions
{
    /// <summary>How many frames may wait; at least 1. Default 1,024.</summary>
    public int MaxFrames { get; init; } = 1024;

    /// <summary>How many bytes may wait; at least 1. Default 1 MiB. A larger frame is accepted by an empty outbox only.</summary>
    public int MaxBytes { get; init; } = 1024 * 1024;

    /// <summary>How long one write to a connection may take before the connection is aborted; positive. Default 10 s.</summary>
    public TimeSpan WriteTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Throws an <see cref="Microsoft.Extensions.Options.OptionsValidationException"/> that names the wrong setting.</summary>
    public void Validate()
    {
        SettingCheck.Require<OutboxOptions>(MaxFrames >= 1, nameof(MaxFrames), "at least 1");
        SettingCheck.Require<OutboxOptions>(MaxBytes >= 1, nameof(MaxBytes), "at least 1");
        SettingCheck.Require<OutboxOptions>(WriteTimeout > TimeSpan.Zero, nameof(WriteTimeout), "positive");
    }
}
