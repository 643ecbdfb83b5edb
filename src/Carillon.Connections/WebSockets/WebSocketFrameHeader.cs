using System.Buffers;
using System.Buffers.Binary;

namespace Carillon.Connections.WebSockets;

/// <summary>A frame's header, read from a client and written for one: RFC 6455 §5.2.</summary>
internal readonly record struct WebSocketFrameHeader(bool Final, WebSocketOpcode Opcode, uint Mask, long PayloadLength, int Length)
{
    private const int MaxLength = 14;
    private const byte FinalBit = 0x80;
    private const byte ReservedBits = 0x70;
    private const byte MaskBit = 0x80;
    private const int MaxShortLength = 125;

    /// <summary>Length of the header of an unmasked frame.</summary>
    public static int LengthFor(int payloadLength) => payloadLength <= MaxShortLength ? 2 : payloadLength <= ushort.MaxValue ? 4 : 10;

    /// <summary>Writes the header of an unmasked final frame; returns its length.</summary>
    public static int Write(Span<byte> destination, WebSocketOpcode opcode, int payloadLength)
    {
        destination[0] = (byte)(FinalBit | (int)opcode);
        if (payloadLength <= MaxShortLength)
        {
            destination[1] = (byte)payloadLength;
            return 2;
        }

        if (payloadLength <= ushort.MaxValue)
        {
            destination[1] = 126;
            BinaryPrimitives.WriteUInt16BigEndian(destination[2..], (ushort)payloadLength);
            return 4;
        }

        destination[1] = 127;
        BinaryPrimitives.WriteUInt64BigEndian(destination[2..], (ulong)payloadLength);
        return 10;
    }

    /// <summary>
    /// Reads the header in front of <paramref name="buffer"/>: <see cref="WebSocketReadStatus.NeedMore"/>, <see cref="WebSocketReadStatus.Message"/>
    /// for a header that keeps the rules for clients' frames, or <see cref="WebSocketReadStatus.Violation"/> with the rule that was broken.
    /// </summary>
    public static WebSocketReadStatus TryRead(in ReadOnlySequence<byte> buffer, out WebSocketFrameHeader header, out string? violation)
    {
        header = default;
        violation = null;
        Span<byte> joined = stackalloc byte[MaxLength];
        scoped ReadOnlySpan<byte> bytes = buffer.FirstSpan;
        if (bytes.Length < MaxLength && !buffer.IsSingleSegment)
        {
            int available = (int)Math.Min(MaxLength, buffer.Length);
            buffer.Slice(0, available).CopyTo(joined);
            bytes = joined[..available];
        }

        if (bytes.Length < 2)
        {
            return WebSocketReadStatus.NeedMore;
        }

        var opcode = (WebSocketOpcode)(bytes[0] & 0x0F);
        bool final = (bytes[0] & FinalBit) != 0;
        int shortLength = bytes[1] & 0x7F;
        violation = FindViolation(bytes[0], bytes[1], opcode, final, shortLength);
        if (violation is not null)
        {
            return WebSocketReadStatus.Violation;
        }

        int lengthBytes = shortLength switch { 126 => 2, 127 => 8, _ => 0 };
        int headerLength = 2 + lengthBytes + sizeof(uint);
        if (bytes.Length < headerLength)
        {
            return WebSocketReadStatus.NeedMore;
        }

        ulong length = lengthBytes switch
        {
            2 => BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]),
            8 => BinaryPrimitives.ReadUInt64BigEndian(bytes[2..]),
            _ => (ulong)shortLength,
        };
        if (length > long.MaxValue || length < ShortestOf(lengthBytes))
        {
            violation = length > long.MaxValue ? "the length's top bit is set" : "the length takes more bytes than it needs";
            return WebSocketReadStatus.Violation;
        }

        uint mask = BitConverter.ToUInt32(bytes[(headerLength - sizeof(uint))..]);
        header = new WebSocketFrameHeader(final, opcode, mask, (long)length, headerLength);
        return WebSocketReadStatus.Message;
    }

    private static ulong ShortestOf(int lengthBytes) => lengthBytes switch { 2 => MaxShortLength + 1, 8 => ushort.MaxValue + 1, _ => 0 };

    private static string? FindViolation(byte first, byte second, WebSocketOpcode opcode, bool final, int shortLength)
    {
        if ((first & ReservedBits) != 0)
        {
            return "a reserved bit is set";
        }

        if (opcode is > WebSocketOpcode.Binary and < WebSocketOpcode.Close or > WebSocketOpcode.Pong)
        {
            return "the opcode is reserved";
        }

        if ((second & MaskBit) == 0)
        {
            return "the frame is not masked";
        }

        bool isControl = opcode >= WebSocketOpcode.Close;
        if (isControl && !final)
        {
            return "a control frame is fragmented";
        }

        return isControl && shortLength > MaxShortLength ? "a control frame is over 125 bytes" : null;
    }
}
