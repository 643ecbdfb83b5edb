using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Carillon.Specs;

/// <summary>Where the text of appended fields is put together. One per thread, used again for every publish.</summary>
internal sealed class AppendedText : IDisposable
{
    private const int MaxKept = 64 * 1024;

    // One level less than a payload may have: the value stands inside of the payload's object.
    private const int MaxValueDepth = 63;

    [ThreadStatic]
    private static AppendedText? ofThread;

    private readonly ArrayBufferWriter<byte> _text = new();
    private readonly Utf8JsonWriter _writer;

    private AppendedText() =>
        _writer = new Utf8JsonWriter(_text, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = MaxValueDepth });

    public ReadOnlySpan<byte> Written => _text.WrittenSpan;

    /// <summary>Takes the thread's own, or a new one where a custom field publishes while it is written.</summary>
    public static AppendedText Rent()
    {
        AppendedText text = ofThread ?? new AppendedText();
        ofThread = null;
        text._text.ResetWrittenCount();
        return text;
    }

    /// <summary>Gives it back to the thread.</summary>
    public void Dispose()
    {
        if (_text.Capacity <= MaxKept)
        {
            ofThread = this;
        }
    }

    /// <summary>Adds a member.</summary>
    /// <param name="field">Its field.</param>
    /// <param name="key">Its name as JSON, with a colon behind it.</param>
    /// <param name="context">The publish.</param>
    /// <exception cref="InvalidOperationException">The field did not write one value, or wrote a line break.</exception>
    public void Add(AppendedField field, ReadOnlySpan<byte> key, PublishContext context)
    {
        if (_text.WrittenCount > 0)
        {
            _text.Write(","u8);
        }

        _text.Write(key);
        int start = _text.WrittenCount;
        _writer.Reset();
        field.WriteValue(_writer, context);
        if (_writer.CurrentDepth != 0 || _writer.BytesCommitted + _writer.BytesPending == 0)
        {
            throw new InvalidOperationException($"Appended field '{field.Name}' must write exactly one value");
        }

        _writer.Flush();

        // A payload can stand in a line of server-sent events or NDJSON as it is.
        if (_text.WrittenSpan[start..].ContainsAny((byte)'\r', (byte)'\n'))
        {
            throw new InvalidOperationException($"Appended field '{field.Name}' must not write a line break");
        }
    }
}
