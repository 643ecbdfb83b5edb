using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Carillon.SocketIO.Json;

/// <summary>
/// Arguments to JSON and back by the application's serializer settings, binary values as attachments. It asks for types by <see cref="JsonTypeInfo"/> only,
/// so that it works trimmed and compiled ahead of time where the application registers its types. Immutable and thread-safe.
/// </summary>
internal sealed class SocketJson
{
    public static readonly SocketJson Default = new(null);
    private readonly JsonSerializerOptions _options;

    /// <summary>Takes a copy of <paramref name="options"/>; null for the web defaults.</summary>
    public SocketJson(JsonSerializerOptions? options)
    {
        _options = options is null ? new JsonSerializerOptions(JsonSerializerDefaults.Web) : new JsonSerializerOptions(options);
        _options.Encoder ??= SocketIOFrame.Encoder;
        _options.Converters.Add(new ByteArrayConverter());
        _options.Converters.Add(new MemoryConverter());
        _options.TypeInfoResolver = JsonTypeInfoResolver.Combine(
            _options.TypeInfoResolver ?? Reflection(), CommonTypes.Default);
        _options.MakeReadOnly();
    }

    /// <summary>Writes one value by its declared type, or by its own where that is <c>object</c>.</summary>
    public void Write<T>(Utf8JsonWriter writer, T value)
    {
        if (value is null)
        {
            writer.WriteNullValue();
        }
        else if (typeof(T) == typeof(object))
        {
            JsonSerializer.Serialize(writer, value, _options.GetTypeInfo(value.GetType()));
        }
        else
        {
            JsonSerializer.Serialize(writer, value, (JsonTypeInfo<T>)_options.GetTypeInfo(typeof(T)));
        }
    }

    /// <summary>Reads one value; throws a <see cref="JsonException"/> if it does not fit <typeparamref name="T"/>.</summary>
    public T? Read<T>(ReadOnlySpan<byte> json, ReadOnlyMemory<byte>[] attachments)
    {
        using var scope = AttachmentScope.Read(attachments);
        return JsonSerializer.Deserialize(json, (JsonTypeInfo<T>)_options.GetTypeInfo(typeof(T)));
    }

    /// <summary>One value as a JSON element; binary values become base64 text.</summary>
    public JsonElement ToElement(object? value) => JsonElement.Parse(ToUtf8(value));

    /// <summary>One value as JSON without attachments: binary values become base64 text.</summary>
    public byte[] ToUtf8(object? value) =>
        value is null ? "null"u8.ToArray() : JsonSerializer.SerializeToUtf8Bytes(value, _options.GetTypeInfo(value.GetType()));

    [UnconditionalSuppressMessage("Trimming", "IL2026", Justification = "Taken only where the application has left reflection on.")]
    [UnconditionalSuppressMessage("AOT", "IL3050", Justification = "Taken only where the application has left reflection on.")]
    private static IJsonTypeInfoResolver? Reflection() =>
        JsonSerializer.IsReflectionEnabledByDefault ? JsonSerializerOptions.Default.TypeInfoResolver : null;
}
