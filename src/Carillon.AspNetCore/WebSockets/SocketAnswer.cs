using System.Text.Json;
using Carillon.AspNetCore.Commands;
using Carillon.Connections;
using Carillon.Consumers;
using Carillon.Errors;
using Carillon.Messages;
using Carillon.Publishing;
using Carillon.Resuming;
using Carillon.Topics;

namespace Carillon.AspNetCore.WebSockets;

/// <summary>
/// Writes answers: <c>{"success", "errors", "nonce"?}</c> and what Carillon adds. In <c>errors</c> stand sentences, for clients that show them; <c>error_details</c> says the same
/// for programs, place by place.
/// </summary>
internal static class SocketAnswer
{
    private const int MaxNameLength = 255;

    public static Frame Pong { get; } = Frame.FromText("{\"type\":\"PONG\"}"u8);

    /// <summary><c>{"type": "PONG"}</c> with the nonce that the ping had.</summary>
    public static Frame PongWith(ReadOnlySpan<byte> nonce)
    {
        if (nonce.IsEmpty)
        {
            return Pong;
        }

        JsonBuffer buffer = JsonBuffer.Start(out Utf8JsonWriter json);
        json.WriteStartObject();
        json.WriteString("type"u8, "PONG"u8);
        return End(buffer, json, nonce);
    }

    /// <summary>Something that is no command, or the end of a client that broke a rule.</summary>
    public static Frame Broken(Error error, ReadOnlySpan<byte> nonce = default)
    {
        JsonBuffer buffer = JsonBuffer.Start(out Utf8JsonWriter json);
        Answer.Broken(json, error, nonce);
        return Frame.FromText(buffer.Written);
    }

    /// <summary>The hub ended a subscription.</summary>
    public static Frame Unsubscribed(TopicName topic, Error reason)
    {
        JsonBuffer buffer = JsonBuffer.Start(out Utf8JsonWriter json);
        json.WriteStartObject();
        json.WriteString("type"u8, "UNSUBSCRIBED"u8);
        json.WriteString("topic"u8, topic.Value);
        json.WriteString("code"u8, reason.Code.Name);
        json.WriteString("message"u8, reason.Message);
        return End(buffer, json, default);
    }

    /// <summary>The answer to a subscribe or unsubscribe.</summary>
    public static Frame Topics(
        IEnumerable<TopicName> success, IReadOnlyCollection<TopicRefusal> refusals, ReadOnlySpan<byte> nonce, IReadOnlyDictionary<TopicName, Start>? starts = null)
    {
        JsonBuffer buffer = JsonBuffer.Start(out Utf8JsonWriter json);
        Begin(json, success, refusals);
        Answer.Starts(json, starts);
        return End(buffer, json, nonce);
    }

    /// <summary>A command of any kind that was refused.</summary>
    public static Frame Refused(TopicRefusal refusal, ReadOnlySpan<byte> nonce) => Topics([], [refusal], nonce);

    /// <summary>The answer to a publish.</summary>
    public static Frame Published(TopicName topic, in PublishResult result, ReadOnlySpan<byte> nonce)
    {
        if (!result.Accepted)
        {
            return Refused(new TopicRefusal(topic.Value, result.Error), nonce);
        }

        JsonBuffer buffer = JsonBuffer.Start(out Utf8JsonWriter json);
        Begin(json, [topic], []);
        json.WriteString("message_id"u8, result.MessageId);
        json.WriteNumber("offset"u8, result.Offset);
        json.WriteString("epoch"u8, result.Epoch);
        Answer.Time(json, "timestamp"u8, result.Timestamp);
        Duplicate(json, result.Duplicate);
        return End(buffer, json, nonce);
    }

    /// <summary>The answer to a consumed.</summary>
    public static Frame Consumed(TopicName topic, in ConsumptionResult result, ReadOnlySpan<byte> nonce)
    {
        if (result.Error is { } error)
        {
            return Refused(new TopicRefusal(topic.Value, error), nonce);
        }

        JsonBuffer buffer = JsonBuffer.Start(out Utf8JsonWriter json);
        Begin(json, [topic], []);
        Duplicate(json, result.Duplicate);
        return End(buffer, json, nonce);
    }

    /// <summary>The answer to an authenticate that was accepted: who the connection is now, and until when.</summary>
    public static Frame Authenticated(IReadOnlyList<string> identities, DateTimeOffset? until, ReadOnlySpan<byte> nonce)
    {
        JsonBuffer buffer = JsonBuffer.Start(out Utf8JsonWriter json);
        Begin(json, [], []);
        json.WriteStartArray("identities"u8);
        foreach (string identity in identities)
        {
            json.WriteStringValue(identity);
        }

        json.WriteEndArray();
        if (until is { } end)
        {
            Answer.Time(json, "expires_at"u8, new UnixTime(end.ToUnixTimeMilliseconds()));
        }

        return End(buffer, json, nonce);
    }

    private static void Begin(Utf8JsonWriter json, IEnumerable<TopicName> success, IReadOnlyCollection<TopicRefusal> refusals)
    {
        json.WriteStartObject();
        json.WriteStartArray("success"u8);
        foreach (TopicName topic in success)
        {
            json.WriteStringValue(topic.Value);
        }

        json.WriteEndArray();
        json.WriteStartArray("errors"u8);
        foreach (TopicRefusal refusal in refusals)
        {
            json.WriteStringValue(refusal.Error.Message);
        }

        json.WriteEndArray();
        if (refusals.Count > 0)
        {
            Details(json, refusals);
        }
    }

    private static void Details(Utf8JsonWriter json, IReadOnlyCollection<TopicRefusal> refusals)
    {
        json.WriteStartArray("error_details"u8);
        foreach ((string? topic, Error error) in refusals)
        {
            json.WriteStartObject();
            if (topic is not null)
            {
                json.WriteString("topic"u8, topic.Length > MaxNameLength ? topic.AsSpan(0, MaxNameLength) : topic);
            }

            json.WriteString("code"u8, error.Code.Name);
            json.WriteString("message"u8, error.Message);
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

        json.WriteEndArray();
    }

    private static void Duplicate(Utf8JsonWriter json, bool isDuplicate)
    {
        if (isDuplicate)
        {
            json.WriteBoolean("duplicate"u8, value: true);
        }
    }

    private static Frame End(JsonBuffer buffer, Utf8JsonWriter json, ReadOnlySpan<byte> nonce)
    {
        Answer.Nonce(json, nonce);
        json.WriteEndObject();
        return Frame.FromText(buffer.Written);
    }
}
