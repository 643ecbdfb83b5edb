using System.Text.Json;
using Carillon.Access;
using Carillon.Errors;
using Carillon.Server.Settings.Topics;
using Carillon.Specs;
using Carillon.Topics;
using Carillon.Topics.Filters;

namespace Carillon.Server.Composing;

/// <summary>Makes topics of settings that passed their check.</summary>
internal static class TopicComposer
{
    /// <summary>The topic, or the sentence that says what is wrong with its spec.</summary>
    public static (ComposedTopic? Topic, string? Problem) Compose(TopicSettings settings, string key)
    {
        (IPayloadSpec? spec, string source, string? problem) = settings.Spec is { } given ? SpecOf(given, $"{key}:Spec") : (null, string.Empty, null);
        if (problem is not null)
        {
            return (null, problem);
        }

        var topic = new Topic
        {
            Name = TopicName.Create(settings.Name),
            Publishers = settings.Publishers?.ToAccess() ?? TopicAccess.Anyone,
            Subscribers = settings.Subscribers?.ToAccess() ?? TopicAccess.Anyone,
            Spec = spec,
            Appended = settings.Append.Count == 0 ? null : new AppendedFields(settings.Append.Select(static field => FieldOf(field.Key, field.Value))),
            Filters = [.. settings.Filters.Distinct().Select(FilterOf)],
            RetainLast = settings.RetainLast,
            Retention = settings.Retention?.ToRetention(),
            Ephemeral = settings.Ephemeral,
            MaxPayloadBytes = settings.MaxPayloadBytes,
            Rate = settings.Rate?.ToRate(),
        };
        string subscribers = settings.Subscribers is { } access ? JsonSerializer.Serialize(access, SettingsJson.Default.AccessSettings) : string.Empty;
        return (new ComposedTopic(topic, JsonSerializer.Serialize(settings, SettingsJson.Default.TopicSettings) + source, subscribers), null);
    }

    private static AppendedField FieldOf(string name, AppendedValue value) => value switch
    {
        AppendedValue.ServerTime => AppendedField.ServerTime(name),
        _ => throw new ArgumentOutOfRangeException(nameof(value), value, "There is no such appended value."),
    };

    private static ITopicFilter FilterOf(FilterWords words) => words switch
    {
        FilterWords.PublisherIdentity => TopicFilter.PublisherIdentity,
        _ => throw new ArgumentOutOfRangeException(nameof(words), words, "There are no such words."),
    };

    private static (IPayloadSpec? Spec, string Source, string? Problem) SpecOf(SpecSettings settings, string key)
    {
        if (settings is { Fields: { } fields, SchemaFile: null })
        {
            return FieldSpec.TryParse(fields, out FieldSpec? spec, out Error? error)
                ? (spec, string.Empty, null)
                : (null, string.Empty, $"{key}:Fields is refused: {error.Message}");
        }

        return settings is { Fields: null, SchemaFile: { } file }
            ? ReadSchema(file, $"{key}:SchemaFile")
            : (null, string.Empty, $"{key} must have exactly one of Fields and SchemaFile");
    }

    private static (IPayloadSpec? Spec, string Source, string? Problem) ReadSchema(string file, string key)
    {
        try
        {
            // A schema of the most characters that are allowed takes four bytes for each at most; what is larger is not read.
            if (new FileInfo(file) is { Exists: true, Length: > 4 * JsonSchemaSpec.MaxSchemaLength })
            {
                return (null, string.Empty, $"{key} must name a file of at most {4 * JsonSchemaSpec.MaxSchemaLength} bytes, but '{file}' is larger");
            }

            string text = File.ReadAllText(file);
            return JsonSchemaSpec.TryParse(text, out JsonSchemaSpec? spec, out Error? error)
                ? (spec, text, null)
                : (null, string.Empty, $"{key} '{file}' is refused: {error.Message}");
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return (null, string.Empty, $"{key} cannot be read: {unreadable.Message}");
        }
    }
}
