using System.Diagnostics.CodeAnalysis;
using Carillon.AspNetCore.Dialects;
using Carillon.Errors;
using Carillon.Json;
using Carillon.Resuming;
using Carillon.Sessions;
using Carillon.Topics;

namespace Carillon.AspNetCore.Commands;

/// <summary>
/// The two forms of (un)subscribing: <c>{"topic"}</c>, whose messages come as the event named like the topic, and
/// <c>{"consumer", "topics"}</c>, whose messages come as the event <c>message</c>.
/// </summary>
/// <param name="Topics">At least one topic.</param>
/// <param name="Consumer">The consumer of the second form; null in the first.</param>
/// <param name="Authorization">The token that the request brings for itself; null for none.</param>
internal sealed record SubscribeCommand(IReadOnlyList<WantedTopic> Topics, string? Consumer, TokenClaim? Authorization = null)
{
    private static readonly JsonShape Shape = new("topic", "topics", "consumer", "since", "authorization");

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
        else if (command.Consumer is null && ReservedEvents.Contains(command.Topics[0].Topic.Value))
        {
            error = Error.Invalid("topic", $"must not be '{command.Topics[0].Topic}': Socket.IO reserves an event of that name. Subscribe with 'consumer' and 'topics' instead");
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
        Span<JsonField> fields = stackalloc JsonField[5];
        several = false;
        if (!Shape.TryRead(utf8, fields, out error))
        {
            return false;
        }

        string? consumer = null;
        Since? since = null;
        TokenClaim? authorization = null;
        List<WantedTopic> topics = [];
        several = fields[1].Kind is not JsonKind.Absent;
        error = several && fields[0].Kind is not JsonKind.Absent
            ? Error.Invalid("topics", "must not stand beside 'topic'")
            : CommandText.ReadIdentifier(utf8, fields[2], "consumer", mandatory: false, out consumer);
        error ??= SinceField.Read(utf8, fields[3], "since", out since);
        error ??= TokenField.Read(utf8, fields[4], "authorization", out authorization);
        error ??= several ? TopicListField.Read(utf8, fields[1], since, topics) : ReadTopic(utf8, fields[0], since, topics);
        if (error is not null)
        {
            return false;
        }

        command = new SubscribeCommand(topics, consumer, authorization);
        return true;
    }

    private static Error? ReadTopic(ReadOnlySpan<byte> utf8, in JsonField field, Since? since, List<WantedTopic> topics)
    {
        if (CommandText.TryReadTopic(utf8, field, "topic", out TopicName topic, out Error? error))
        {
            topics.Add(new WantedTopic(topic, since));
        }

        return error;
    }
}
