using System.Text;

namespace Carillon.Bench.Wire;

/// <summary>A client's frames. The masking key is 0, which leaves the payload as it is and costs nobody anything.</summary>
internal static class WebSocketFrames
{
    public const byte FinalText = 0x81;
    public const byte FinalClose = 0x88;
    public const byte FinalPing = 0x89;
    public const byte FinalPong = 0x8A;

    public static byte[] Text(string payload) => Masked(FinalText, Encoding.UTF8.GetBytes(payload));

    public static byte[] Masked(byte first, ReadOnlySpan<byte> payload) => [.. Header(first, payload.Length), .. payload];

    public static byte[] Header(byte first, int length) => length < 126
        ? [first, (byte)(0x80 | length), 0, 0, 0, 0]
        : [first, 0x80 | 126, (byte)(length >> 8), (byte)length, 0, 0, 0, 0];
}
