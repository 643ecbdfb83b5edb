using System.Text.Json;
using Carillon.AspNetCore.Commands;
using Carillon.Connections;
using Carillon.Deliveries;
using Carillon.Messages;

namespace Carillon.AspNetCore.WebSockets;

/// <summary>A delivered message in a frame of its own; see docs/protocols/websocket.md.</summary>
internal sealed class WebSocketWireFormat : IWireFormat<Frame>
{
    public static readonly WebSocketWireFormat Instance = new();

    private WebSocketWireFormat()
    {
    }

    public Frame Encode(Message message)
    {
        JsonBuffer buffer = JsonBuffer.Start(out Utf8JsonWriter json);
        Write(json, message);
        return Frame.FromText(buffer.Written);
    }

    public static void Write(Utf8JsonWriter json, Message message)
    {
        json.WriteStartObject();
        json.WriteString("topic"u8, message.Topic.Value);
        json.WritePropertyName("message"u8);
        json.WriteRawValue(message.Payload.Span, skipInputValidation: true);
        json.WriteStartArray("publisher"u8);
        for (int i = 0; i < message.Publisher.Count; i++)
        {
            json.WriteStringValue(message.Publisher[i]);
        }

        json.WriteEndArray();
        json.WriteString("message_id"u8, message.MessageId);
        json.WriteNumber("offset"u8, message.Offset);
        Answer.Time(json, "timestamp"u8, message.Timestamp);
        json.WriteString("producer"u8, message.Producer);
        json.WriteEndObject();
    }
}
