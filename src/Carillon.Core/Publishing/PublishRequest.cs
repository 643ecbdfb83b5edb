using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Carillon.Access;
using Carillon.Errors;
using Carillon.Json;
using Carillon.Topics;

namespace Carillon.Publishing;

/// <summary>One publish, whatever protocol it came over.</summary>
public sealed class PublishRequest
{
    private const string Field = "message";

    private static readonly JsonShape Shape = new(Field);

    /// <summary>Where to.</summary>
    public required TopicName Topic { get; init; }

    /// <summary>The publisher's id for this message, the key for "publish twice, delivered once"; null lets the engine make one.</summary>
    public string? MessageId { get; init; }

    /// <summary>Who publishes; null when unknown.</summary>
    public string? Producer { get; init; }

    /// <summary>Who asks. Default: somebody of whom nothing is known.</summary>
    public Requester Requester { get; init; } = Requester.Anonymous;

    /// <summary>
    /// One JSON value as compact UTF-8, already checked: it goes into messages as it is, and what is no JSON makes them unreadable. <see cref="Create"/> sees to it. The engine keeps the
    /// memory.
    /// </summary>
    public required ReadOnlyMemory<byte> Payload { get; init; }

    /// <summary>
    /// A publish by the application itself, of a value that becomes its payload and is checked like that of a client. On behalf of somebody else: <see cref="For"/>.
    /// </summary>
    /// <param name="topic">Where to.</param>
    /// <param name="value">What is published.</param>
    /// <param name="type">How it becomes JSON; of a source-generated context, or <c>JsonSerializerOptions.GetTypeInfo</c>.</param>
    /// <param name="messageId">See <see cref="MessageId"/>.</param>
    /// <param name="producer">See <see cref="Producer"/>.</param>
    /// <exception cref="ArgumentException">The JSON is nested too deep, names a key twice or is malformed, or an id is none.</exception>
    public static PublishRequest Create<T>(TopicName topic, T value, JsonTypeInfo<T> type, string? messageId = null, string? producer = null)
    {
        ArgumentNullException.ThrowIfNull(type);
        Check(messageId is null ? null : Identifier.Check(messageId, "message_id"), nameof(messageId));
        Check(producer is null ? null : Identifier.Check(producer, "producer"), nameof(producer));
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = type.Options.Encoder }))
        {
            json.WriteStartObject();
            json.WritePropertyName(Field);
            JsonSerializer.Serialize(json, value, type);
            json.WriteEndObject();
        }

        Span<JsonField> fields = stackalloc JsonField[1];
        Check(Shape.TryRead(buffer.WrittenSpan, fields, out Error? error) ? null : error, nameof(value));
        return new PublishRequest
        {
            Topic = topic,
            MessageId = messageId,
            Producer = producer,
            Requester = Requester.Application,
            Payload = JsonText.Compact(fields[0].Raw(buffer.WrittenSpan)),
        };
    }

    /// <summary>The same by somebody.</summary>
    public PublishRequest For(Requester requester) =>
        new() { Topic = Topic, MessageId = MessageId, Producer = Producer, Requester = requester, Payload = Payload };

    private static void Check(Error? error, string parameter)
    {
        if (error is not null)
        {
            throw new ArgumentException(error.Message, parameter);
        }
    }

    /// <summary>The same with another payload.</summary>
    internal PublishRequest WithPayload(ReadOnlyMemory<byte> payload) => payload.Equals(Payload)
        ? this
        : new PublishRequest { Topic = Topic, MessageId = MessageId, Producer = Producer, Requester = Requester, Payload = payload };
}
