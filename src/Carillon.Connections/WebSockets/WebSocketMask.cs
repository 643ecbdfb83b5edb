using System.Numerics;
using System.Runtime.InteropServices;

namespace Carillon.Connections.WebSockets;

/// <summary>Removes a client's mask: RFC 6455 §5.3.</summary>
internal static class WebSocketMask
{
    /// <summary>
    /// Exclusive-ors <paramref name="data"/> with the mask, in place. <paramref name="mask"/> holds the four bytes as they lie in memory,
    /// <paramref name="offset"/> is the position of the data in the frame's payload.
    /// </summary>
    public static void Apply(Span<byte> data, uint mask, long offset = 0)
    {
        int turn = (int)(offset & 3) * 8;
        uint rotated = BitConverter.IsLittleEndian ? BitOperations.RotateRight(mask, turn) : BitOperations.RotateLeft(mask, turn);
        int done = 0;
        if (Vector.IsHardwareAccelerated && data.Length >= Vector<byte>.Count)
        {
            Vector<byte> vectorMask = Vector.AsVectorByte(new Vector<uint>(rotated));
            Span<Vector<byte>> vectors = MemoryMarshal.Cast<byte, Vector<byte>>(data);
            for (int i = 0; i < vectors.Length; i++)
            {
                vectors[i] ^= vectorMask;
            }

            done = vectors.Length * Vector<byte>.Count; // A multiple of four, so the mask need not turn.
        }

        Span<byte> maskBytes = stackalloc byte[sizeof(uint)];
        MemoryMarshal.Write(maskBytes, in rotated);
        for (int i = done; i < data.Length; i++)
        {
            data[i] ^= maskBytes[i & 3];
        }
    }
}
