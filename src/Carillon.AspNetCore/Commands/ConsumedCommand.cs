using System.Diagnostics.CodeAnalysis;
using Carillon.Consumers;
using Carillon.Errors;
using Carillon.Json;
using Carillon.Messages;
using Carillon.Topics;

namespace Carillon.AspNetCore.Commands;

/// <summary><c>{"consumer", "topic", "message_id", "message"?}</c>: a consumer has processed a message.</summary>
internal static class ConsumedCommand
{
    private static readonly JsonShape Shape = new("consumer", "topic", "message_id", "message");

    public static bool TryRead(
        ReadOnlySpan<byte> utf8, int maxPayloadBytes, UnixTime now, [NotNullWhen(true)] out Consumption? consumption, [NotNullWhen(false)] out Error? error)
    {
        consumption = null;
        Span<JsonField> fields = stackalloc JsonField[4];
        return Shape.TryRead(utf8, fields, out error) && TryRead(utf8, fields, maxPayloadBytes, now, out consumption, out error);
    }

    /// <summary>Reads the fields <c>consumer</c>, <c>topic</c>, <c>message_id</c> and <c>message</c> of a larger shape, found already.</summary>
    public static bool TryRead(
        ReadOnlySpan<byte> utf8,
        ReadOnlySpan<JsonField> fields,
        int maxPayloadBytes,
        UnixTime now,
        [NotNullWhen(true)] out Consumption? consumption,
        [NotNullWhen(false)] out Error? error)
    {
        consumption = null;
        string? messageId = null;
        error = CommandText.ReadIdentifier(utf8, fields[0], "consumer", mandatory: true, out string? consumer)
            ?? CommandText.ReadIdentifier(utf8, fields[2], "message_id", mandatory: true, out messageId);
        if (error is not null || !CommandText.TryReadTopic(utf8, fields[1], "topic", out TopicName topic, out error))
        {
            return false;
        }

        byte[] message = fields[3].Kind is JsonKind.Absent ? "null"u8.ToArray() : JsonText.Compact(fields[3].Raw(utf8));
        if (message.Length > maxPayloadBytes)
        {
            error = new Error(ErrorCode.PayloadTooLarge, $"Field 'message' must be at most {maxPayloadBytes} bytes of JSON", "message");
            return false;
        }

        consumption = new Consumption { Consumer = consumer!, Topic = topic, MessageId = messageId!, Message = message, Timestamp = now };
        return true;
    }
}
