using System.Buffers;
using System.Buffers.Text;
using Carillon.Connections;

namespace Carillon.SocketIO.EngineIO;

/// <summary>Several packets in one HTTP body: engine.io-protocol v4, "Payload". Packets are separated by U+001E; binary ones are <c>b</c> and base64.</summary>
internal static class PollingPayload
{
    /// <summary>Of answers; without the charset, pages not in UTF-8 would misread them.</summary>
    public const string ContentType = "text/plain; charset=UTF-8";

    private const byte Separator = 0x1E;
    private const byte BinaryMark = (byte)EnginePacketType.Base64;

    /// <summary>Splits the first packet off <paramref name="payload"/>. False when none is left.</summary>
    public static bool TryTake(ref ReadOnlyMemory<byte> payload, out ReadOnlyMemory<byte> packet)
    {
        packet = default;
        if (payload.IsEmpty)
        {
            return false;
        }

        int end = payload.Span.IndexOf(Separator);
        packet = end < 0 ? payload : payload[..end];
        payload = end < 0 ? default : payload[(end + 1)..];
        return true;
    }

    /// <summary>Decodes a binary packet into <paramref name="destination"/>, which has its length; false if it is not base64.</summary>
    public static bool TryDecodeBinary(ReadOnlySpan<byte> packet, Span<byte> destination, out int written) =>
        Base64.DecodeFromUtf8(packet[1..], destination, out _, out written) == OperationStatus.Done;

    /// <summary>How many bytes the frames take in one body.</summary>
    public static int LengthOf(ReadOnlySpan<Frame> frames)
    {
        int length = Math.Max(0, frames.Length - 1);
        foreach (Frame frame in frames)
        {
            length += frame.IsBinary ? 1 + Base64.GetMaxEncodedToUtf8Length(frame.Payload.Length) : frame.Payload.Length;
        }

        return length;
    }

    /// <summary>Writes the frames as one body.</summary>
    public static void Write(IBufferWriter<byte> writer, ReadOnlySpan<Frame> frames)
    {
        for (int i = 0; i < frames.Length; i++)
        {
            if (i > 0)
            {
                writer.Write([Separator]);
            }

            ReadOnlySpan<byte> payload = frames[i].Payload.Span;
            if (!frames[i].IsBinary)
            {
                writer.Write(payload);
                continue;
            }

            Span<byte> encoded = writer.GetSpan(1 + Base64.GetMaxEncodedToUtf8Length(payload.Length));
            encoded[0] = BinaryMark;
            Base64.EncodeToUtf8(payload, encoded[1..], out _, out int written);
            writer.Advance(1 + written);
        }
    }
}
