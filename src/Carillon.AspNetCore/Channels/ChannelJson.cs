using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Carillon.Connections;

namespace Carillon.AspNetCore.Channels;

/// <summary>Objects as frames of JSON, by the application's serializer settings; types are looked up, so that generated serializers do. Immutable, thread-safe.</summary>
internal sealed class ChannelJson
{
    private readonly JsonSerializerOptions _options;

    public ChannelJson(JsonSerializerOptions options)
    {
        _options = options.IsReadOnly ? options : new JsonSerializerOptions(options);
        _options.TypeInfoResolver ??= Reflection();
        _options.MakeReadOnly();
    }

    /// <summary>By the type the value has; null is <c>null</c>.</summary>
    public Frame ToFrame(object? value) => value is null ? Frame.FromText("null"u8) : ToFrame(value, _options.GetTypeInfo(value.GetType()));

    public static Frame ToFrame<T>(T value, JsonTypeInfo<T> type) => ToFrame(value, (JsonTypeInfo)type);

    private static Frame ToFrame(object? value, JsonTypeInfo type)
    {
        using var buffer = new FrameWriter();
        JsonSerializerOptions options = type.Options;
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions
        {
            Encoder = options.Encoder,
            Indented = options.WriteIndented,
            IndentCharacter = options.IndentCharacter,
            IndentSize = options.IndentSize,
            NewLine = options.NewLine,
            MaxDepth = options.MaxDepth,
            SkipValidation = true, // The serializer writes whole values.
        }))
        {
            JsonSerializer.Serialize(writer, value, type);
        }

        return buffer.ToFrame();
    }

    [UnconditionalSuppressMessage("Trimming", "IL2026", Justification = "Taken only where the application has left reflection on.")]
    [UnconditionalSuppressMessage("AOT", "IL3050", Justification = "Taken only where the application has left reflection on.")]
    private static DefaultJsonTypeInfoResolver? Reflection() => JsonSerializer.IsReflectionEnabledByDefault ? new DefaultJsonTypeInfoResolver() : null;
}
