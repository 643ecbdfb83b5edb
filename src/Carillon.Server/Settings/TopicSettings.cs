using Carillon.Errors;
using Carillon.Topics;

namespace Carillon.Server.Settings;

/// <summary>A topic that exists from the start.</summary>
public sealed class TopicSettings
{
    /// <summary>Its name.</summary>
    public string Name { get; init; } = string.Empty;

    /// <summary>Its retention in place of the general one; null leaves the general one in force.</summary>
    public RetentionSettings? Retention { get; init; }

    internal IEnumerable<string> Check(string key)
    {
        if (!TopicName.TryCreate(Name, "Name", out _, out Error? error))
        {
            yield return $"{key}:Name is no topic name: {error.Message}";
        }

        foreach (string problem in Retention?.Check($"{key}:Retention") ?? [])
        {
            yield return problem;
        }
    }
}
