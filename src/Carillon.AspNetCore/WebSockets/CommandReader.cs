using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Carillon.Access;
using Carillon.AspNetCore.Commands;
using Carillon.Consumers;
using Carillon.Errors;
using Carillon.Json;
using Carillon.Messages;
using Carillon.Publishing;
using Carillon.Resuming;
using Carillon.Sessions;

namespace Carillon.AspNetCore.WebSockets;

/// <summary>Reads what clients send; see docs/protocols/websocket.md. Fields that a command does not know are passed over.</summary>
internal static class CommandReader
{
    /// <summary>Most bytes of a nonce: every answer carries it back.</summary>
    public const int MaxNonceBytes = 1024;

    private const int TypeField = 0;
    private const int NonceField = 1;
    private const int AuthorizationField = 2;
    private const int TopicsField = 3;
    private const int SinceField = 4;
    private const int PublishFields = 5; // As PublishCommand wants them: topic, message_id, message, producer.
    private const int ConsumerField = 9;
    private const int FieldCount = 10;

    private static readonly JsonShape Shape = new("type", "nonce", "authorization", "topics", "since", "topic", "message_id", "message", "producer", "consumer");
    private static readonly JsonShape TokenShape = new("type", "token");

    /// <summary>Reads a command.</summary>
    /// <param name="utf8">One JSON object.</param>
    /// <param name="maxPayloadBytes">The hub's largest payload.</param>
    /// <param name="requester">Who publishes, unless the command says so itself.</param>
    /// <param name="now">When something was consumed.</param>
    /// <param name="command">What was read.</param>
    /// <param name="error">What is wrong with it.</param>
    /// <param name="nonce">Its nonce, also when something else is wrong; empty if none could be read.</param>
    public static bool TryRead(
        ReadOnlySpan<byte> utf8,
        int maxPayloadBytes,
        Requester requester,
        UnixTime now,
        [NotNullWhen(true)] out SocketCommand? command,
        [NotNullWhen(false)] out Error? error,
        out byte[] nonce)
    {
        command = null;
        nonce = [];
        Span<JsonField> fields = stackalloc JsonField[FieldCount];
        CommandToken? token = null;
        if (!Shape.TryRead(utf8, fields, out error))
        {
            return false;
        }

        CommandType type = default;
        error = ReadNonce(utf8, fields[NonceField], out nonce) ?? ReadType(utf8, fields[TypeField], out type) ?? ReadToken(utf8, fields[AuthorizationField], out token);
        if (error is not null)
        {
            return false;
        }

        (command, error) = ReadCommand(utf8, fields, new SocketCommand(type, nonce) { Token = token }, maxPayloadBytes, requester, now);
        return error is null;
    }

    /// <summary>Whether <paramref name="utf8"/> is JSON at all, whatever its structure.</summary>
    public static bool IsJson(ReadOnlySpan<byte> utf8)
    {
        var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = int.MaxValue });
        try
        {
            while (reader.Read())
            {
                // Reading is the check.
            }

            return System.Text.Unicode.Utf8.IsValid(utf8);
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static (SocketCommand? Command, Error? Error) ReadCommand(
        ReadOnlySpan<byte> utf8, ReadOnlySpan<JsonField> fields, SocketCommand command, int maxPayloadBytes, Requester requester, UnixTime now)
    {
        switch (command.Type)
        {
            case CommandType.Subscribe or CommandType.Unsubscribe:
                return ReadTopics(utf8, fields, command);
            case CommandType.Publish:
                return PublishCommand.TryRead(utf8, fields[PublishFields..], maxPayloadBytes, requester, out PublishRequest? request, out Error? wrong)
                    ? (command with { Publish = request }, null)
                    : (null, wrong);
            case CommandType.Consumed:
                ReadOnlySpan<JsonField> consumed = [fields[ConsumerField], fields[PublishFields], fields[PublishFields + 1], fields[PublishFields + 2]];
                return ConsumedCommand.TryRead(utf8, consumed, maxPayloadBytes, now, out Consumption? consumption, out Error? error)
                    ? (command with { Consumption = consumption }, null)
                    : (null, error);
            case CommandType.Authenticate when command.Token is null:
                return (null, Error.Missing("authorization"));
            default:
                return (command, null);
        }
    }

    private static (SocketCommand? Command, Error? Error) ReadTopics(ReadOnlySpan<byte> utf8, ReadOnlySpan<JsonField> fields, SocketCommand command)
    {
        if (fields[TopicsField].Kind is JsonKind.Absent)
        {
            return (null, Error.Missing("topics"));
        }

        List<WantedTopic> topics = [];
        List<(string Name, Error Error)> misnamed = [];
        Error? error = CommandText.ReadIdentifier(utf8, fields[ConsumerField], "consumer", mandatory: false, out string? consumer);
        error ??= Commands.SinceField.Read(utf8, fields[SinceField], "since", out Since? since) ?? TopicListField.Read(utf8, fields[TopicsField], since, topics, misnamed);
        return error is not null
            ? (null, error)
            : (command with { Consumer = consumer, Topics = topics, Misnamed = [.. misnamed.Select(static wrong => new TopicRefusal(wrong.Name, wrong.Error))] }, null);
    }

    private static Error? ReadNonce(ReadOnlySpan<byte> utf8, in JsonField field, out byte[] nonce)
    {
        nonce = [];
        if (field.Kind is JsonKind.Absent)
        {
            return null;
        }

        if (field.Length > MaxNonceBytes)
        {
            return Error.Invalid("nonce", $"must be at most {MaxNonceBytes} bytes of JSON");
        }

        nonce = JsonText.Compact(field.Raw(utf8));
        return null;
    }

    private static Error? ReadType(ReadOnlySpan<byte> utf8, in JsonField field, out CommandType type)
    {
        type = default;
        if (field.Kind is JsonKind.Absent)
        {
            return Error.Missing("type");
        }

        CommandType? known = field.Kind is JsonKind.String ? TypeOf(field.Raw(utf8)) : null;
        type = known ?? default;
        return known is null ? Error.Invalid("type", "must be 'PING', 'SUBSCRIBE', 'UNSUBSCRIBE', 'PUBLISH', 'CONSUMED' or 'AUTHENTICATE'") : null;
    }

    private static CommandType? TypeOf(ReadOnlySpan<byte> json) => json switch
    {
        _ when json.SequenceEqual("\"PUBLISH\""u8) => CommandType.Publish,
        _ when json.SequenceEqual("\"PING\""u8) => CommandType.Ping,
        _ when json.SequenceEqual("\"SUBSCRIBE\""u8) => CommandType.Subscribe,
        _ when json.SequenceEqual("\"UNSUBSCRIBE\""u8) => CommandType.Unsubscribe,
        _ when json.SequenceEqual("\"CONSUMED\""u8) => CommandType.Consumed,
        _ when json.SequenceEqual("\"AUTHENTICATE\""u8) => CommandType.Authenticate,
        _ => null,
    };

    private static Error? ReadToken(ReadOnlySpan<byte> utf8, in JsonField field, out CommandToken? token)
    {
        token = null;
        if (field.Kind is JsonKind.Absent or JsonKind.Null)
        {
            return null;
        }

        if (field.Kind is not JsonKind.Object)
        {
            return Error.Invalid("authorization", $"must be an object, not {JsonShape.Describe(field.Kind)}");
        }

        ReadOnlySpan<byte> json = field.Raw(utf8);
        Span<JsonField> fields = stackalloc JsonField[2];
        if (!TokenShape.TryRead(json, fields, out Error? error))
        {
            return error;
        }

        string? type = null;
        if (fields[0].Kind is not JsonKind.Absent && ReadText(json, fields[0], "authorization.type", out type) is { } wrongType)
        {
            return wrongType;
        }

        error = ReadText(json, fields[1], "authorization.token", out string? text);
        token = new CommandToken(type, text);
        return error;
    }

    private static Error? ReadText(ReadOnlySpan<byte> json, in JsonField field, string name, out string? text)
    {
        text = null;
        if (field.Kind is JsonKind.Absent)
        {
            return Error.Missing(name);
        }

        return field.Kind is JsonKind.String && JsonText.TryGetString(field.Raw(json), out text) ? null : Error.Invalid(name, "must be a string");
    }
}
