using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Carillon.AspNetCore.Dialects;
using Carillon.Errors;
using Carillon.Json;
using Carillon.Topics;

namespace Carillon.AspNetCore.Commands;

/// <summary>
/// The two forms of (un)subscribing: <c>{"topic"}</c>, whose messages come as the event named like the topic, and
/// <c>{"consumer", "topics"}</c>, whose messages come as the event <c>message</c>.
/// </summary>
/// <param name="Topics">At least one topic.</param>
/// <param name="Consumer">The consumer of the second form; null in the first.</param>
internal sealed record SubscribeCommand(IReadOnlyList<TopicName> Topics, string? Consumer)
{
    private const int MaxTopics = 1000;

    private static readonly JsonShape Shape = new("topic", "topics", "consumer");

    /// <summary>Reads a subscribe.</summary>
    public static bool TryRead(ReadOnlySpan<byte> utf8, [NotNullWhen(true)] out SubscribeCommand? command, [NotNullWhen(false)] out Error? error)
    {
        if (!TryReadEither(utf8, out command, out bool several, out error))
        {
            return false;
        }

        if (several && command.Consumer is null)
        {
            error = Error.Missing("consumer");
        }
        else if (command.Consumer is null && ReservedEvents.Contains(command.Topics[0].Value))
        {
            error = Error.Invalid("topic", $"must not be '{command.Topics[0]}': Socket.IO reserves an event of that name. Subscribe with 'consumer' and 'topics' instead");
        }

        return error is null;
    }

    /// <summary>Reads an unsubscribe, which needs no consumer.</summary>
    public static bool TryReadUnsubscribe(ReadOnlySpan<byte> utf8, [NotNullWhen(true)] out SubscribeCommand? command, [NotNullWhen(false)] out Error? error) =>
        TryReadEither(utf8, out command, out _, out error);

    private static bool TryReadEither(
        ReadOnlySpan<byte> utf8, [NotNullWhen(true)] out SubscribeCommand? command, out bool several, [NotNullWhen(false)] out Error? error)
    {
        command = null;
        Span<JsonField> fields = stackalloc JsonField[3];
        several = false;
        if (!Shape.TryRead(utf8, fields, out error))
        {
            return false;
        }

        string? consumer = null;
        List<TopicName> topics = [];
        several = fields[1].Kind is not JsonKind.Absent;
        error = several && fields[0].Kind is not JsonKind.Absent
            ? Error.Invalid("topics", "must not stand beside 'topic'")
            : CommandText.ReadIdentifier(utf8, fields[2], "consumer", mandatory: false, out consumer);
        error ??= several ? ReadTopics(utf8, fields[1], topics) : ReadTopic(utf8, fields[0], topics);
        if (error is not null)
        {
            return false;
        }

        command = new SubscribeCommand(topics, consumer);
        return true;
    }

    private static Error? ReadTopic(ReadOnlySpan<byte> utf8, in JsonField field, List<TopicName> topics)
    {
        if (CommandText.TryReadTopic(utf8, field, "topic", out TopicName topic, out Error? error))
        {
            topics.Add(topic);
        }

        return error;
    }

    private static Error? ReadTopics(ReadOnlySpan<byte> utf8, in JsonField field, List<TopicName> topics)
    {
        if (field.Kind is not JsonKind.Array)
        {
            return Error.Invalid("topics", $"must be an array of strings, not {JsonShape.Describe(field.Kind)}");
        }

        var reader = new Utf8JsonReader(field.Raw(utf8));
        reader.Read();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            string name = $"topics[{topics.Count}]";
            if (topics.Count == MaxTopics)
            {
                return Error.Invalid("topics", $"must hold at most {MaxTopics} topics");
            }

            if (reader.TokenType != JsonTokenType.String)
            {
                return Error.Invalid(name, "must be a string");
            }

            if (!JsonText.TryGetString(field.Raw(utf8)[(int)reader.TokenStartIndex..(int)reader.BytesConsumed], out string? text))
            {
                return Error.Invalid(name, "must be valid Unicode: it holds half of a surrogate pair");
            }

            if (!TopicName.TryCreate(text, name, out TopicName topic, out Error? error))
            {
                return error;
            }

            topics.Add(topic);
        }

        return topics.Count == 0 ? Error.Invalid("topics", "must not be empty") : null;
    }
}
