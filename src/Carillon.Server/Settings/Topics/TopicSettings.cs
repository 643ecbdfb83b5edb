using System.Text;
using Carillon.Errors;
using Carillon.Server.Settings.Access;
using Carillon.Specs;
using Carillon.Topics;
using Carillon.Topics.Patterns;

namespace Carillon.Server.Settings.Topics;

/// <summary>A topic that exists from the start, and how it is composed.</summary>
public sealed class TopicSettings
{
    /// <summary>Its name; mandatory.</summary>
    public string Name { get; init; } = string.Empty;

    /// <summary>Who may publish. Default: anyone.</summary>
    public AccessSettings? Publishers { get; init; }

    /// <summary>Who may subscribe. Default: anyone.</summary>
    public AccessSettings? Subscribers { get; init; }

    /// <summary>What payloads must look like. Default: any JSON.</summary>
    public SpecSettings? Spec { get; init; }

    /// <summary>Fields that the server adds to each payload, and what it writes there. Default: none.</summary>
    public IReadOnlyDictionary<string, AppendedValue> Append { get; init; } = new Dictionary<string, AppendedValue>();

    /// <summary>By what subscribers select messages with <c>topic.word</c>. Default: nothing.</summary>
    public IReadOnlyList<FilterWords> Filters { get; init; } = [];

    /// <summary>Whether a new subscriber gets the last message at once. Default: no.</summary>
    public bool RetainLast { get; init; }

    /// <summary>Its retention in place of the general one; null leaves the general one in force.</summary>
    public RetentionSettings? Retention { get; init; }

    /// <summary>Whether its messages are delivered without being stored. Default: no.</summary>
    public bool Ephemeral { get; init; }

    /// <summary>Largest payload in bytes; null for the hub's.</summary>
    public int? MaxPayloadBytes { get; init; }

    /// <summary>How fast one publisher may publish. Default: no limit.</summary>
    public PublishRateSettings? Rate { get; init; }

    internal IEnumerable<string> Check(string key, int mostPayloadBytes, TopicSegments segments)
    {
        if (!TopicName.TryCreate(Name, "Name", out TopicName name, out Error? error))
        {
            yield return $"{key}:Name is no topic name: {error.Message}";
        }
        else if (segments.IsPattern(name))
        {
            yield return $"{key}:Name must name one topic, but '{Name}' is a pattern";
        }

        if (MaxPayloadBytes < 1 || MaxPayloadBytes > mostPayloadBytes)
        {
            yield return $"{key}:MaxPayloadBytes must be between 1 and the hub's {mostPayloadBytes}, but is {MaxPayloadBytes}";
        }

        if (Ephemeral && Retention is not null)
        {
            yield return $"{key}:Retention does nothing for a topic that is Ephemeral";
        }

        if (Append.Count > AppendedFields.MaxFields)
        {
            yield return $"{key}:Append must hold at most {AppendedFields.MaxFields} fields, but holds {Append.Count}";
        }

        foreach (string field in Append.Keys.Where(static field => field.Length == 0 || Encoding.UTF8.GetByteCount(field) > FieldSpec.MaxNameLength))
        {
            yield return $"{key}:Append must hold names of 1 to {FieldSpec.MaxNameLength} bytes, but holds '{field}'";
        }

        IEnumerable<string> nested = (Retention?.Check($"{key}:Retention") ?? [])
            .Concat(Publishers?.Check($"{key}:Publishers") ?? [])
            .Concat(Subscribers?.Check($"{key}:Subscribers") ?? [])
            .Concat(Rate?.Check($"{key}:Rate") ?? []);
        foreach (string problem in nested)
        {
            yield return problem;
        }
    }
}
