using System.Text.Json;
using Carillon.AspNetCore.Commands;
using Carillon.Connections;
using Carillon.Deliveries;
using Carillon.Messages;

namespace Carillon.AspNetCore.WebSockets;

/// <summary>All messages of a delivery in one frame, one a line. A payload holds no white space between its tokens, and a line feed within a string is escaped (RFC 8259 §7).</summary>
internal sealed class PackedWireFormat : IPackedWireFormat<Frame>
{
    public static readonly PackedWireFormat Instance = new();

    private PackedWireFormat()
    {
    }

    public Frame Encode(ReadOnlySpan<Message> messages)
    {
        using var lines = new FrameWriter();
        foreach (Message message in messages)
        {
            JsonBuffer buffer = JsonBuffer.Start(out Utf8JsonWriter json);
            WebSocketWireFormat.Write(json, message);
            ReadOnlySpan<byte> line = buffer.Written;
            Span<byte> place = lines.GetSpan(line.Length + 1);
            int end = 0;
            if (lines.WrittenCount > 0)
            {
                place[end++] = (byte)'\n';
            }

            line.CopyTo(place[end..]);
            lines.Advance(end + line.Length);
        }

        return lines.ToFrame();
    }
}
