using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace Carillon.AspNetCore.Commands;

/// <summary>A reusable writer of JSON per thread: what is written is to be taken before the next <see cref="Start"/> on the same thread, so never across an await.</summary>
[SuppressMessage("Reliability", "CA1001", Justification = "The writer's only resource is the buffer beside it; both live as long as their thread.")]
internal sealed class JsonBuffer
{
    private const int MaxKeptBytes = 64 * 1024;

    [ThreadStatic]
    private static JsonBuffer? ofThread;

    private readonly ArrayBufferWriter<byte> _bytes = new(1024);
    private readonly Utf8JsonWriter _writer;

    private JsonBuffer() => _writer = new Utf8JsonWriter(_bytes, WriterOptions);

    /// <summary>
    /// Names appear as they were typed: <c>'</c> and letters of every script stay readable, as the contracts' texts need.
    /// The output is JSON and nothing else; whoever puts it into HTML must encode it there.
    /// </summary>
    public static JsonWriterOptions WriterOptions { get; } = new() { Encoder = MinimalJsonEncoder.Instance, SkipValidation = true };

    /// <summary>What was written since the start.</summary>
    public ReadOnlySpan<byte> Written
    {
        get
        {
            _writer.Flush();
            return _bytes.WrittenSpan;
        }
    }

    /// <summary>Begins a new text.</summary>
    public static JsonBuffer Start(out Utf8JsonWriter writer)
    {
        JsonBuffer buffer = ofThread is { } kept && kept._bytes.Capacity <= MaxKeptBytes ? kept : ofThread = new JsonBuffer();
        buffer._bytes.ResetWrittenCount();
        buffer._writer.Reset();
        writer = buffer._writer;
        return buffer;
    }
}
