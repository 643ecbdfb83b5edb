using System.Text.Json;
using Carillon.Engines;
using Carillon.Specs;
using Carillon.Topics;

namespace Carillon.AspNetCore.Http;

/// <summary>Writes how a topic is composed, in words, and where its history stands.</summary>
internal static class TopicRow
{
    public static void Write(Utf8JsonWriter json, Topic topic, TopicHistory? history, int subscriptions)
    {
        json.WriteStartObject();
        json.WriteString("topic"u8, topic.Name.Value);
        json.WriteString("publishers"u8, topic.Publishers.Words);
        json.WriteString("subscribers"u8, topic.Subscribers.Words);
        json.WriteString("spec"u8, WordOf(topic.Spec));
        json.WriteStartArray("appended"u8);
        foreach (string name in topic.Appended?.Names ?? [])
        {
            json.WriteStringValue(name);
        }

        json.WriteEndArray();
        json.WriteNumber("filters"u8, topic.Filters.Count);
        json.WriteBoolean("retain_last"u8, topic.RetainLast);
        json.WriteBoolean("ephemeral"u8, topic.Ephemeral);
        WriteNumber(json, "max_payload_bytes"u8, topic.MaxPayloadBytes);
        json.WriteString("rate"u8, topic.Rate is { } rate ? $"{rate.Messages} in {rate.Per.TotalSeconds} s" : null);
        json.WriteString("epoch"u8, history?.Epoch);
        WriteNumber(json, "first_offset"u8, history?.FirstOffset);
        WriteNumber(json, "last_offset"u8, history?.LastOffset);
        json.WriteNumber("subscriptions"u8, subscriptions);
        json.WriteEndObject();
    }

    private static string? WordOf(IPayloadSpec? spec) => spec switch
    {
        null => null,
        FieldSpec => "fields",
        JsonSchemaSpec => "json_schema",
        _ => "custom",
    };

    private static void WriteNumber(Utf8JsonWriter json, ReadOnlySpan<byte> name, long? number)
    {
        if (number is { } value)
        {
            json.WriteNumber(name, value);
        }
        else
        {
            json.WriteNull(name);
        }
    }
}
