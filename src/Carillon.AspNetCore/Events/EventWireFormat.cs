using System.Text.Json;
using Carillon.AspNetCore.Commands;
using Carillon.Connections;
using Carillon.Deliveries;
using Carillon.Messages;

namespace Carillon.AspNetCore.Events;

/// <summary>
/// A message as an event without a name, which <c>EventSource.onmessage</c> gets. Streams of one topic share it whole, the id included; in a stream of several
/// the id comes before it, and is the stream's own.
/// </summary>
internal sealed class EventWireFormat : IWireFormat<Frame>
{
    /// <summary>Without an id.</summary>
    public static readonly EventWireFormat Plain = new(null);

    private readonly string? _part;

    private EventWireFormat(string? part) => _part = part;

    /// <summary>With the id of a stream of one topic.</summary>
    /// <param name="part">Its part of the id; see <see cref="EventId.PartOf"/>.</param>
    public static EventWireFormat Of(string part) => new(part);

    public Frame Encode(Message message)
    {
        JsonBuffer buffer = JsonBuffer.Start(out Utf8JsonWriter json);
        Rows.Delivered(json, message);
        ReadOnlySpan<byte> data = buffer.Written;
        using var writer = new FrameWriter(data.Length + 128);
        if (_part is not null)
        {
            EventText.Ascii(writer, $"id: {EventId.Prefix}{_part}");
            EventText.Number(writer, message.Offset);
            EventText.End(writer);
        }

        EventText.Field(writer, "data"u8, data);
        EventText.End(writer);
        return writer.ToFrame();
    }
}
