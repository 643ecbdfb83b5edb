namespace Carillon.Engines;

/// <summary>
/// How much of a topic's history is kept. Each bound that is set holds by itself; null means no bound. Offsets of deleted messages are
/// never given again, and a deleted message's id stays known for the dedupe window.
/// </summary>
public sealed record Retention
{
    /// <summary>Keeps everything: the default.</summary>
    public static readonly Retention Everything = new();

    /// <summary>Messages older than this are deleted.</summary>
    public TimeSpan? MaxAge { get; init; }

    /// <summary>At most this many of the newest messages are kept.</summary>
    public long? MaxCount { get; init; }

    /// <summary>At most this many bytes of payload, those of the newest messages, are kept.</summary>
    public long? MaxBytes { get; init; }

    /// <summary>True when no bound is set.</summary>
    public bool KeepsEverything => MaxAge is null && MaxCount is null && MaxBytes is null;
}
