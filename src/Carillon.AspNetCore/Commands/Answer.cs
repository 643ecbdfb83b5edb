using System.Text.Json;
using Carillon.Consumers;
using Carillon.Errors;
using Carillon.Messages;
using Carillon.Publishing;
using Carillon.Resuming;
using Carillon.Sessions;
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

    /// <summary>The answer to a subscribe or unsubscribe, with the topics it was about and, of those that asked for messages since some point, where they begin.</summary>
    public static void Topics(Utf8JsonWriter json, IReadOnlyList<WantedTopic> topics, IReadOnlyDictionary<TopicName, Start>? starts = null)
    {
        json.WriteStartObject();
        json.WriteString("status"u8, "ok"u8);
        json.WriteStartArray("topics"u8);
        foreach (WantedTopic wanted in topics)
        {
            json.WriteStringValue(wanted.Topic.Value);
        }

        json.WriteEndArray();
        Starts(json, starts);
        json.WriteEndObject();
    }

    /// <summary>The property <c>starts</c>: for each topic <c>{"recovered", "epoch", "offset", "reason"?}</c>; nothing when there are none.</summary>
    public static void Starts(Utf8JsonWriter json, IReadOnlyDictionary<TopicName, Start>? starts)
    {
        if (starts is not { Count: > 0 })
        {
            return;
        }

        json.WriteStartObject("starts"u8);
        foreach ((TopicName topic, Start start) in starts)
        {
            json.WriteStartObject(topic.Value);
            StartFields(json, start);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    /// <summary>The fields <c>recovered</c>, <c>epoch</c>, <c>offset</c> and, if something may be missing, <c>reason</c>.</summary>
    public static void StartFields(Utf8JsonWriter json, Start start)
    {
        json.WriteBoolean("recovered"u8, start.Recovered);
        json.WriteString("epoch"u8, start.Position.Epoch);
        json.WriteNumber("offset"u8, start.Position.Offset);
        if (start.Failure is { } failure)
        {
            json.WriteString("reason"u8, NameOf(failure));
        }
    }

    /// <summary>The hub ended a subscription: <c>{"topic", "code", "message"}</c>.</summary>
    public static void Ended(Utf8JsonWriter json, TopicName topic, Error reason)
    {
        json.WriteStartObject();
        EndedFields(json, topic, reason);
        json.WriteEndObject();
    }

    /// <summary>The fields <c>topic</c>, <c>code</c> and <c>message</c>.</summary>
    public static void EndedFields(Utf8JsonWriter json, TopicName topic, Error reason)
    {
        json.WriteString("topic"u8, topic.Value);
        json.WriteString("code"u8, reason.Code.Name);
        json.WriteString("message"u8, reason.Message);
    }

    /// <summary>What is wrong with a client or with the structure of what it sent: <c>{"error", "code", "field"?}</c>, and <paramref name="nonce"/> where that could be read.</summary>
    public static void Broken(Utf8JsonWriter json, Error error, ReadOnlySpan<byte> nonce = default)
    {
        json.WriteStartObject();
        json.WriteString("error"u8, error.Message);
        json.WriteString("code"u8, error.Code.Name);
        if (error.Field is not null)
        {
            json.WriteString("field"u8, error.Field);
        }

        Nonce(json, nonce);
        json.WriteEndObject();
    }

    /// <summary>The property <c>nonce</c>, as it came; nothing when none did.</summary>
    public static void Nonce(Utf8JsonWriter json, ReadOnlySpan<byte> nonce)
    {
        if (!nonce.IsEmpty)
        {
            json.WritePropertyName("nonce"u8);
            json.WriteRawValue(nonce, skipInputValidation: true);
        }
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

    private static ReadOnlySpan<byte> NameOf(RecoveryFailure failure) => failure switch
    {
        RecoveryFailure.HistoryGone => "history_gone"u8,
        RecoveryFailure.EpochChanged => "epoch_changed"u8,
        _ => "offset_unknown"u8,
    };
}
