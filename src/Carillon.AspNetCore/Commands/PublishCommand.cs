using System.Diagnostics.CodeAnalysis;
using Carillon.Access;
using Carillon.Errors;
using Carillon.Json;
using Carillon.Publishing;
using Carillon.Topics;

namespace Carillon.AspNetCore.Commands;

/// <summary><c>{"topic", "message", "message_id"?, "producer"?}</c>: the publish of every JSON protocol.</summary>
internal static class PublishCommand
{
    /// <summary>Bytes of a command beside its payload: names, keys and white space.</summary>
    public const int MaxEnvelopeBytes = 16 * 1024;

    private static readonly JsonShape Shape = new("topic", "message_id", "message", "producer", "authorization");

    /// <summary>Reads a publish of a protocol that carries credentials elsewhere.</summary>
    public static bool TryRead(
        ReadOnlySpan<byte> utf8, int maxPayloadBytes, [NotNullWhen(true)] out PublishRequest? request, [NotNullWhen(false)] out Error? error) =>
        TryRead(utf8, maxPayloadBytes, out request, out _, out error);

    /// <summary>Reads a publish that may bring its own <c>authorization</c>.</summary>
    public static bool TryRead(
        ReadOnlySpan<byte> utf8,
        int maxPayloadBytes,
        [NotNullWhen(true)] out PublishRequest? request,
        out TokenClaim? authorization,
        [NotNullWhen(false)] out Error? error)
    {
        request = null;
        authorization = null;
        Span<JsonField> fields = stackalloc JsonField[5];
        if (!Shape.TryRead(utf8, fields, out error))
        {
            return false;
        }

        error = TokenField.Read(utf8, fields[4], "authorization", out authorization);
        return error is null && TryRead(utf8, fields, maxPayloadBytes, Requester.Anonymous, out request, out error);
    }

    /// <summary>Reads the fields <c>topic</c>, <c>message_id</c>, <c>message</c> and <c>producer</c> of a larger shape, found already.</summary>
    public static bool TryRead(
        ReadOnlySpan<byte> utf8,
        ReadOnlySpan<JsonField> fields,
        int maxPayloadBytes,
        Requester requester,
        [NotNullWhen(true)] out PublishRequest? request,
        [NotNullWhen(false)] out Error? error)
    {
        request = null;
        if (!CommandText.TryReadTopic(utf8, fields[0], "topic", out TopicName topic, out error))
        {
            return false;
        }

        string? producer = null;
        error = CommandText.ReadIdentifier(utf8, fields[1], "message_id", mandatory: false, out string? messageId)
            ?? CommandText.ReadIdentifier(utf8, fields[3], "producer", mandatory: false, out producer)
            ?? CheckMessage(fields[2], maxPayloadBytes);
        if (error is not null)
        {
            return false;
        }

        request = new PublishRequest
        {
            Topic = topic,
            MessageId = messageId,
            Producer = producer,
            Requester = requester,
            Payload = JsonText.Compact(fields[2].Raw(utf8)),
        };
        return true;
    }

    private static Error? CheckMessage(in JsonField message, int maxPayloadBytes)
    {
        if (message.Kind is JsonKind.Absent)
        {
            return Error.Missing("message");
        }

        // White space does not count: the publisher checks the compact length. This spares copying what cannot fit.
        return message.Length > maxPayloadBytes + MaxEnvelopeBytes
            ? new Error(ErrorCode.PayloadTooLarge, $"Field 'message' must be at most {maxPayloadBytes} bytes of JSON", "message")
            : null;
    }
}
