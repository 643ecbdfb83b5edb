using System.Buffers.Binary;

namespace Carillon.Connections.Tests.WebSockets;

/// <summary>Masked frames as a client sends them, right or wrong.</summary>
internal static class ClientFrames
{
    private static readonly byte[] Mask = [0x37, 0xFA, 0x21, 0x3D];

    public static byte[] Text(string text) => Make(0x81, System.Text.Encoding.UTF8.GetBytes(text));

    public static byte[] Make(byte first, byte[] payload)
    {
        byte[] length = payload.Length switch
        {
            <= 125 => [(byte)(0x80 | payload.Length)],
            <= ushort.MaxValue => [0xFE, (byte)(payload.Length >> 8), (byte)payload.Length],
            _ => [0xFF, .. BigEndian((ulong)payload.Length)],
        };
        return [first, .. length, .. Mask, .. payload.Select(static (b, i) => (byte)(b ^ Mask[i & 3]))];
    }

    public static byte[] HeaderOnly(byte first, ulong length) => [first, 0xFF, .. BigEndian(length), .. Mask];

    public static byte[] Close(ushort code, string reason = "") => Make(0x88, [(byte)(code >> 8), (byte)code, .. System.Text.Encoding.UTF8.GetBytes(reason)]);

    private static byte[] BigEndian(ulong number)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, number);
        return bytes;
    }
}
