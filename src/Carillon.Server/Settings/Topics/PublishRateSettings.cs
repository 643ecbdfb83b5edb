using Carillon.Topics;

namespace Carillon.Server.Settings.Topics;

/// <summary>How fast one publisher may publish on a topic.</summary>
public sealed class PublishRateSettings
{
    /// <summary>Messages in <see cref="Per"/>, on the average; mandatory.</summary>
    public int Messages { get; init; }

    /// <summary>Default: 1 s.</summary>
    public TimeSpan Per { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Messages that may come at once. Default: as many as <see cref="Messages"/>.</summary>
    public int? Burst { get; init; }

    internal PublishRate ToRate() => new() { Messages = Messages, Per = Per, Burst = Burst };

    internal IEnumerable<string> Check(string key)
    {
        if (Messages < 1)
        {
            yield return $"{key}:Messages must be at least 1, but is {Messages}";
        }

        if (Per <= TimeSpan.Zero || Per > TimeSpan.FromDays(1))
        {
            yield return $"{key}:Per must be longer than zero and at most a day, but is {Per}";
        }

        if (Burst < 1)
        {
            yield return $"{key}:Burst must be at least 1, but is {Burst}";
        }
    }
}
