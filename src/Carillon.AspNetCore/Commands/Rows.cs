using System.Text.Json;
using Carillon.Consumers;
using Carillon.Messages;

namespace Carillon.AspNetCore.Commands;

/// <summary>Writes stored things as the contracts show them: rows of the listings, events of monitors, deliveries to consumers.</summary>
internal static class Rows
{
    /// <summary>A message with its timestamp and offset.</summary>
    public static void Message(Utf8JsonWriter json, Message message)
    {
        json.WriteStartObject();
        json.WriteString("topic"u8, message.Topic.Value);
        json.WriteString("message_id"u8, message.MessageId);
        json.WritePropertyName("message"u8);
        json.WriteRawValue(message.Payload.Span, skipInputValidation: true);
        json.WriteString("producer"u8, message.Producer);
        Answer.Time(json, "timestamp"u8, message.Timestamp);
        json.WriteNumber("offset"u8, message.Offset);
        json.WriteEndObject();
    }

    /// <summary>A message as subscribers get it, with the identities of who published it.</summary>
    public static void Delivered(Utf8JsonWriter json, Message message)
    {
        json.WriteStartObject();
        json.WriteString("topic"u8, message.Topic.Value);
        json.WritePropertyName("message"u8);
        json.WriteRawValue(message.Payload.Span, skipInputValidation: true);
        json.WriteStartArray("publisher"u8);
        foreach (string identity in message.Publisher)
        {
            json.WriteStringValue(identity);
        }

        json.WriteEndArray();
        json.WriteString("message_id"u8, message.MessageId);
        json.WriteString("producer"u8, message.Producer);
        Answer.Time(json, "timestamp"u8, message.Timestamp);
        json.WriteNumber("offset"u8, message.Offset);
        json.WriteEndObject();
    }

    /// <summary>A recorded consumption.</summary>
    public static void Consumption(Utf8JsonWriter json, Consumption consumption)
    {
        json.WriteStartObject();
        json.WriteString("consumer"u8, consumption.Consumer);
        json.WriteString("topic"u8, consumption.Topic.Value);
        json.WriteString("message_id"u8, consumption.MessageId);
        json.WritePropertyName("message"u8);
        json.WriteRawValue(consumption.Message.Span, skipInputValidation: true);
        Answer.Time(json, "timestamp"u8, consumption.Timestamp);
        json.WriteEndObject();
    }

    /// <summary>A live subscription.</summary>
    public static void Subscription(Utf8JsonWriter json, SubscriptionRecord subscription)
    {
        json.WriteStartObject();
        json.WriteString("consumer"u8, subscription.Consumer);
        json.WriteString("topic"u8, subscription.Topic.Value);
        Answer.Time(json, "connected_at"u8, subscription.ConnectedAt);
        json.WriteString("sid"u8, subscription.SessionId);
        json.WriteEndObject();
    }
}
