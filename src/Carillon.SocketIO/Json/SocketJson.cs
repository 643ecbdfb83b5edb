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

    /// <summary>
    /// Reads one value; throws a <see cref="JsonException"/> if it does not fit <typeparamref name="T"/>. An integer may be written as <see cref="WholeNumbers"/> says.
    /// </summary>
    public T? Read<T>(ReadOnlySpan<byte> json, ReadOnlyMemory<byte>[] attachments)
    {
        using var scope = AttachmentScope.Read(attachments);
        var type = (JsonTypeInfo<T>)_options.GetTypeInfo(typeof(T));
        try
        {
            return JsonSerializer.Deserialize(json, type);
        }
        catch (JsonException)
        {
            if (!WholeNumbers.TryRewrite(json, out ReadOnlyMemory<byte> rewritten))
            {
                throw;
            }

            return JsonSerializer.Deserialize(rewritten.Span, type);
        }
    }

    /// <summary>
    /// Whether a client's fault could be why <see cref="Read{T}"/> failed; other faults are the application's types' own.
    /// </summary>
    public static bool IsMismatch(Exception error) => error is JsonException or InvalidOperationException; // The latter for text that is no UTF-16.

    /// <summary>
    /// Throws a <see cref="NotSupportedException"/> that says what to add where <typeparamref name="T"/> can be neither read nor written; <paramref name="part"/>, such as
    /// "handler of", and <paramref name="eventName"/> say who needs it.
    /// </summary>
    public void Require<T>(string part, string eventName)
    {
        if (!_options.TryGetTypeInfo(typeof(T), out _))
        {
            string name = CodeName.Of(typeof(T));
            throw new NotSupportedException(
                $"The {part} \"{eventName}\" needs {name}, which the serializer settings do not know: add [JsonSerializable(typeof({name}))] to the JsonSerializerContext in {nameof(SocketIOOptions)}.{nameof(SocketIOOptions.Json)}.");
        }
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
