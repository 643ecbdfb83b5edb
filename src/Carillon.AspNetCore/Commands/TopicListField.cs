using System.Text.Json;
using Carillon.Errors;
using Carillon.Json;
using Carillon.Resuming;
using Carillon.Sessions;
using Carillon.Topics;

namespace Carillon.AspNetCore.Commands;

/// <summary>Reads a list of topics, each a name or <c>{"topic", "since"}</c>.</summary>
internal static class TopicListField
{
    /// <summary>Most topics of one command.</summary>
    public const int MaxTopics = 1000;

    private static readonly JsonShape Shape = new("topic", "since");

    /// <summary>Reads <paramref name="field"/> into <paramref name="topics"/>; those that say nothing else begin at <paramref name="since"/>.</summary>
    /// <param name="utf8">The text that holds the field.</param>
    /// <param name="field">Where the list stands.</param>
    /// <param name="since">From where on, for those that say nothing else.</param>
    /// <param name="topics">Takes the topics.</param>
    /// <param name="misnamed">Takes the texts that are no topic names, where that does not make the whole list fail.</param>
    public static Error? Read(ReadOnlySpan<byte> utf8, in JsonField field, Since? since, List<WantedTopic> topics, List<(string Name, Error Error)>? misnamed = null)
    {
        if (field.Kind is not JsonKind.Array)
        {
            return Error.Invalid("topics", $"must be an array of strings, not {JsonShape.Describe(field.Kind)}");
        }

        ReadOnlySpan<byte> array = field.Raw(utf8);
        var reader = new Utf8JsonReader(array);
        reader.Read();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            int count = topics.Count + (misnamed?.Count ?? 0);
            if (count == MaxTopics)
            {
                return Error.Invalid("topics", $"must hold at most {MaxTopics} topics");
            }

            int start = (int)reader.TokenStartIndex;
            reader.Skip();
            if (ReadElement(array[start..(int)reader.BytesConsumed], $"topics[{count}]", since, out WantedTopic topic, out string? text) is not { } error)
            {
                topics.Add(topic);
            }
            else if (text is not null && misnamed is not null)
            {
                misnamed.Add((text, error));
            }
            else
            {
                return error;
            }
        }

        return topics.Count == 0 && misnamed is not { Count: > 0 } ? Error.Invalid("topics", "must not be empty") : null;
    }

    // The text is that which stands where a name should, if one does.
    private static Error? ReadElement(ReadOnlySpan<byte> element, string name, Since? since, out WantedTopic wanted, out string? text)
    {
        wanted = default;
        text = null;
        if (element[0] is not ((byte)'"' or (byte)'{'))
        {
            return Error.Invalid(name, "must be a string");
        }

        return element[0] == '{' ? ReadObject(element, name, since, out wanted, out text) : ReadName(element, name, since, out wanted, out text);
    }

    private static Error? ReadObject(ReadOnlySpan<byte> element, string name, Since? since, out WantedTopic wanted, out string? text)
    {
        wanted = default;
        text = null;
        Span<JsonField> fields = stackalloc JsonField[2];
        if (!Shape.TryRead(element, fields, out Error? error))
        {
            return error;
        }

        if (fields[0].Kind is not JsonKind.String)
        {
            return Error.Invalid($"{name}.topic", "must be a string");
        }

        return SinceField.Read(element, fields[1], $"{name}.since", out Since? own) ?? ReadName(fields[0].Raw(element), $"{name}.topic", own ?? since, out wanted, out text);
    }

    private static Error? ReadName(ReadOnlySpan<byte> json, string name, Since? since, out WantedTopic wanted, out string? text)
    {
        wanted = default;
        if (!JsonText.TryGetString(json, out text))
        {
            return Error.Invalid(name, "must be valid Unicode: it holds half of a surrogate pair");
        }

        if (!TopicName.TryCreate(text, name, out TopicName topic, out Error? error))
        {
            return error;
        }

        wanted = new WantedTopic(topic, since);
        return null;
    }
}
