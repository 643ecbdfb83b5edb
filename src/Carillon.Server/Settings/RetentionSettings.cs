using Carillon.Engines;

namespace Carillon.Server.Settings;

/// <summary>How much of a topic's history is kept; what is not set is not bounded.</summary>
public sealed class RetentionSettings
{
    /// <summary>Older messages are deleted, for example <c>7.00:00:00</c> for a week.</summary>
    public TimeSpan? MaxAge { get; init; }

    /// <summary>At most this many messages are kept.</summary>
    public long? MaxCount { get; init; }

    /// <summary>At most this many bytes of payload are kept.</summary>
    public long? MaxBytes { get; init; }

    internal Retention ToRetention() => new() { MaxAge = MaxAge, MaxCount = MaxCount, MaxBytes = MaxBytes };

    internal IEnumerable<string> Check(string key)
    {
        if (MaxAge <= TimeSpan.Zero)
        {
            yield return $"{key}:MaxAge must be longer than zero, but is {MaxAge}";
        }

        if (MaxCount < 1)
        {
            yield return $"{key}:MaxCount must be at least 1, but is {MaxCount}";
        }

        if (MaxBytes < 1)
        {
            yield return $"{key}:MaxBytes must be at least 1, but is {MaxBytes}";
        }
    }
}
