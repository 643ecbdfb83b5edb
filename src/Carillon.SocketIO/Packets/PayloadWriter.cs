using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Json;
using Carillon.SocketIO.Json;

namespace Carillon.SocketIO.Packets;

/// <summary>
/// Collects an event's name and arguments, or an acknowledgement's arguments, into a <see cref="Payload"/>. Each thread keeps one for the next use.
/// Not thread-safe.
/// </summary>
internal sealed class PayloadWriter : IDisposable
{
    private const int LargestKept = 64 * 1024;

    // As clients parse JSON and nothing else, only what JSON must have escaped is.
    private static readonly JsonWriterOptions WriterOptions = new() { Encoder = SocketIOFrame.Encoder, SkipValidation = true };

    [ThreadStatic]
    private static PayloadWriter? _kept;

    private readonly ArrayBufferWriter<byte> _buffer = new(256);
    private readonly Utf8JsonWriter _json;
    private readonly List<ReadOnlyMemory<byte>> _attachments = [];
    private SocketJson _serializer = SocketJson.Default;

    private PayloadWriter() => _json = new Utf8JsonWriter(_buffer, WriterOptions);

    /// <summary>Begins an event; throws an <see cref="ArgumentException"/> if its name is reserved (socket.io-protocol v5, "Event").</summary>
    public static PayloadWriter BeginEvent(SocketJson serializer, string eventName)
    {
        PacketData.RefuseReserved(eventName);
        PayloadWriter writer = BeginArguments(serializer);
        writer._json.WriteStringValue(eventName);
        return writer;
    }

    /// <summary>Begins an acknowledgement.</summary>
    public static PayloadWriter BeginArguments(SocketJson serializer)
    {
        PayloadWriter writer = _kept ?? new PayloadWriter();
        _kept = null; // A converter of the application's may emit while it serializes.
        writer._serializer = serializer;
        writer._json.WriteStartArray();
        return writer;
    }

    /// <summary>Appends one argument; binary values in it become attachments.</summary>
    public void Add<T>(T value)
    {
        using var scope = AttachmentScope.Write(_attachments);
        _serializer.Write(_json, value);
    }

    /// <summary>Appends each argument by its run-time type.</summary>
    public void AddAll(ReadOnlySpan<object?> values)
    {
        using var scope = AttachmentScope.Write(_attachments);
        foreach (object? value in values)
        {
            _serializer.Write(_json, value);
        }
    }

    /// <summary>Appends comma-separated JSON values as they are, with the attachments that their placeholders stand for.</summary>
    public void AddJson(ReadOnlySpan<byte> argumentsJson, ReadOnlySpan<ReadOnlyMemory<byte>> attachments)
    {
        if (!argumentsJson.IsEmpty)
        {
            _json.WriteRawValue(argumentsJson, skipInputValidation: true);
        }

        _attachments.AddRange(attachments);
    }

    /// <summary>The finished payload, valid until <see cref="Dispose"/>.</summary>
    public Payload End()
    {
        _json.WriteEndArray();
        _json.Flush();
        return new Payload(_buffer.WrittenSpan, CollectionsMarshal.AsSpan(_attachments));
    }

    /// <summary>Takes the buffers back.</summary>
    public void Dispose()
    {
        if (_buffer.Capacity > LargestKept)
        {
            _json.Dispose();
            return;
        }

        _buffer.ResetWrittenCount();
        _json.Reset();
        _attachments.Clear();
        _serializer = SocketJson.Default;
        _kept = this;
    }
}
