using System.Text.Json;
using Carillon.Consumers;
using Carillon.Errors;
using Carillon.Messages;
using Carillon.Publishing;
using Carillon.Topics;

namespace Carillon.AspNetCore.Commands;

/// <summary>Writes answers to commands: the same objects as HTTP bodies and as acknowledgements.</summary>
internal static class Answer
{
    /// <summary><c>{"status": "ok"}</c>.</summary>
    public static void Ok(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("status"u8, "ok"u8);
        json.WriteEndObject();
    }

    /// <summary>The answer to a subscribe or unsubscribe, with the topics it was about.</summary>
    public static void Topics(Utf8JsonWriter json, IReadOnlyList<TopicName> topics)
    {
        json.WriteStartObject();
        json.WriteString("status"u8, "ok"u8);
        json.WriteStartArray("topics"u8);
        foreach (TopicName topic in topics)
        {
            json.WriteStringValue(topic.Value);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>The answer to a publish, accepted or not.</summary>
    public static void Publish(Utf8JsonWriter json, TopicName topic, in PublishResult result)
    {
        if (!result.Accepted)
        {
            Failed(json, result.Error);
            return;
        }

        json.WriteStartObject();
        json.WriteString("status"u8, "ok"u8);
        json.WriteString("message"u8, $"Message published to topic '{topic}'");
        json.WriteString("topic"u8, topic.Value);
        json.WriteString("message_id"u8, result.MessageId);
        json.WriteNumber("offset"u8, result.Offset);
        json.WriteString("epoch"u8, result.Epoch);
        Time(json, "timestamp"u8, result.Timestamp);
        if (result.Duplicate)
        {
            json.WriteBoolean("duplicate"u8, value: true);
        }

        json.WriteEndObject();
    }

    /// <summary>The answer to a consumed.</summary>
    public static void Consumed(Utf8JsonWriter json, in ConsumptionResult result)
    {
        if (result.Error is { } error)
        {
            Failed(json, error);
            return;
        }

        json.WriteStartObject();
        json.WriteString("status"u8, "ok"u8);
        if (result.Duplicate)
        {
            json.WriteBoolean("duplicate"u8, value: true);
        }

        json.WriteEndObject();
    }

    /// <summary><c>{"status": "error", "message", "code", "field"?, "retryable"?}</c>.</summary>
    public static void Failed(Utf8JsonWriter json, Error error)
    {
        json.WriteStartObject();
        json.WriteString("status"u8, "error"u8);
        json.WriteString("message"u8, error.Message);
        json.WriteString("code"u8, error.Code.Name);
        if (error.Field is not null)
        {
            json.WriteString("field"u8, error.Field);
        }

        if (error.Code.Retryable)
        {
            json.WriteBoolean("retryable"u8, value: true);
        }

        json.WriteEndObject();
    }

    /// <summary>A time in Unix seconds with a fraction.</summary>
    public static void Time(Utf8JsonWriter json, ReadOnlySpan<byte> name, UnixTime time)
    {
        Span<byte> text = stackalloc byte[UnixTime.MaxFormattedLength];
        json.WritePropertyName(name);
        json.WriteRawValue(text[..time.Format(text)], skipInputValidation: true);
    }
}
