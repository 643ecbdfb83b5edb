using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Carillon.SocketIO.Packets;

namespace Carillon.SocketIO.Json;

/// <summary>
/// Whole numbers that are written with a decimal point or an exponent: <c>1.0</c>, <c>1e0</c>. JSON knows one kind of number, and clients in languages that know
/// two, such as Python and Dart, write a whole one so; <c>System.Text.Json</c> takes it for no integer.
/// </summary>
internal static class WholeNumbers
{
    private const int LongestNumber = 30; // A sign and the 29 digits of the largest decimal.

    /// <summary>
    /// The same JSON with such numbers as integers; false if it holds none that a <see cref="decimal"/> can. <paramref name="json"/> is valid JSON.
    /// </summary>
    public static bool TryRewrite(ReadOnlySpan<byte> json, out ReadOnlyMemory<byte> rewritten)
    {
        rewritten = default;
        ArrayBufferWriter<byte>? writer = null;
        Span<byte> integer = stackalloc byte[LongestNumber];
        int copied = 0;
        var reader = new Utf8JsonReader(json, PacketData.ReaderOptions);
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.Number && TryFormat(reader.ValueSpan, integer, out int length))
            {
                writer ??= new ArrayBufferWriter<byte>(json.Length + LongestNumber);
                writer.Write(json[copied..(int)reader.TokenStartIndex]);
                writer.Write(integer[..length]);
                copied = (int)reader.BytesConsumed;
            }
        }

        if (writer is null)
        {
            return false;
        }

        writer.Write(json[copied..]);
        rewritten = writer.WrittenMemory;
        return true;
    }

    private static bool TryFormat(ReadOnlySpan<byte> number, Span<byte> integer, out int length)
    {
        length = 0;
        return number.IndexOfAny((byte)'.', (byte)'e', (byte)'E') >= 0
            && decimal.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out decimal value)
            && value == decimal.Truncate(value)
            && value.TryFormat(integer, out length, "F0", CultureInfo.InvariantCulture);
    }
}
