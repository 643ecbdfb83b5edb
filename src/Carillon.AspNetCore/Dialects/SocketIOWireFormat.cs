using System.Text.Json;
using Carillon.AspNetCore.Commands;
using Carillon.Connections;
using Carillon.Deliveries;
using Carillon.Messages;
using Carillon.SocketIO;

namespace Carillon.AspNetCore.Dialects;

/// <summary>The Socket.IO ways of delivering a message; see docs/protocols/topics-over-socket-io.md.</summary>
internal sealed class SocketIOWireFormat : IWireFormat<Frame>
{
    /// <summary>For <c>{"topic"}</c> subscribers: the event named like the topic, with <c>{"message"}</c>.</summary>
    public static readonly SocketIOWireFormat Room = new("/", message => message.Topic.Value, static (json, message) =>
    {
        json.WriteStartObject();
        json.WritePropertyName("message"u8);
        json.WriteRawValue(message.Payload.Span, skipInputValidation: true);
        json.WriteEndObject();
    });

    /// <summary>For <c>{"consumer", "topics"}</c> subscribers: the event <c>message</c> with the whole message.</summary>
    public static readonly SocketIOWireFormat Consumer = new("/", static _ => "message", Rows.Message);

    /// <summary>For monitors: the event <c>new_message</c>.</summary>
    public static readonly SocketIOWireFormat Monitor = new(MonitorNamespace.Name, static _ => "new_message", Rows.Message);

    private readonly string _namespaceName;
    private readonly Func<Message, string> _eventName;
    private readonly Action<Utf8JsonWriter, Message> _writeArgument;

    private SocketIOWireFormat(string namespaceName, Func<Message, string> eventName, Action<Utf8JsonWriter, Message> writeArgument)
    {
        _namespaceName = namespaceName;
        _eventName = eventName;
        _writeArgument = writeArgument;
    }

    public Frame Encode(Message message)
    {
        // Patterns can match a topic whose name no client would hear as an event of the application.
        if (this == Room && ReservedEvents.Contains(message.Topic.Value))
        {
            return Consumer.Encode(message);
        }

        JsonBuffer buffer = JsonBuffer.Start(out Utf8JsonWriter json);
        _writeArgument(json, message);
        return SocketIOFrame.Event(_namespaceName, _eventName(message), buffer.Written);
    }
}
