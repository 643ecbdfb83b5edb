using System.Buffers;
using System.Text;
using Carillon.Connections;

namespace Carillon.AspNetCore.Events;

/// <summary>
/// Writes fields of an event stream (HTML Living Standard, "Server-sent events"): <c>name: value</c>, one to a line, an empty line behind the last.
/// A line end inside a value begins a further field of the same name, so that no value can end its own.
/// </summary>
internal static class EventText
{
    private static readonly SearchValues<byte> LineEnds = SearchValues.Create("\r\n"u8);

    /// <summary>A field.</summary>
    public static void Field(FrameWriter writer, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        int end;
        while ((end = value.IndexOfAny(LineEnds)) >= 0)
        {
            Line(writer, name, value[..end]);
            bool isPair = value[end] == '\r' && end + 1 < value.Length && value[end + 1] == '\n';
            value = value[(end + (isPair ? 2 : 1))..];
        }

        Line(writer, name, value);
    }

    /// <summary>The end of an event.</summary>
    public static void End(FrameWriter writer) => writer.Write("\n"u8);

    /// <summary>Text that holds no line end, such as an id.</summary>
    public static void Ascii(FrameWriter writer, string text) => writer.Advance(Encoding.ASCII.GetBytes(text, writer.GetSpan(text.Length)));

    /// <summary>A number.</summary>
    public static void Number(FrameWriter writer, long number)
    {
        const int Longest = 20;
        System.Buffers.Text.Utf8Formatter.TryFormat(number, writer.GetSpan(Longest), out int written);
        writer.Advance(written);
    }

    private static void Line(FrameWriter writer, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        writer.Write(name);
        writer.Write(": "u8);
        writer.Write(value);
        writer.Write("\n"u8);
    }
}
