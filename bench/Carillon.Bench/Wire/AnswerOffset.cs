using System.Buffers.Text;

namespace Carillon.Bench.Wire;

/// <summary>The offset in the answer to a publish.</summary>
internal static class AnswerOffset
{
    /// <summary>Finds the field <c>offset</c>.</summary>
    /// <returns>The offset, or -1 when the answer names none (socket.io has none).</returns>
    public static long Read(ReadOnlySpan<byte> json)
    {
        ReadOnlySpan<byte> name = "\"offset\":"u8;
        int at = json.IndexOf(name);
        return at >= 0 && Utf8Parser.TryParse(json[(at + name.Length)..].TrimStart((byte)' '), out long offset, out _) ? offset : -1;
    }
}
