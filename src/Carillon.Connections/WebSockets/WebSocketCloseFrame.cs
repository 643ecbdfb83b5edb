using System.Buffers.Binary;
using System.Text;
using System.Text.Unicode;

namespace Carillon.Connections.WebSockets;

/// <summary>The payload of a close frame: RFC 6455 §5.5.1.</summary>
internal static class WebSocketCloseFrame
{
    private const int MaxReason = 123;

    /// <summary>The whole frame of ours; a reason over 123 bytes of UTF-8 is cut at a character.</summary>
    public static byte[] Encode(WebSocketCloseCode code, string reason)
    {
        Span<byte> payload = stackalloc byte[sizeof(ushort) + MaxReason];
        int length = 0;
        if (code != WebSocketCloseCode.None)
        {
            BinaryPrimitives.WriteUInt16BigEndian(payload, (ushort)code);
            Encoding.UTF8.GetEncoder().Convert(reason, payload[sizeof(ushort)..], flush: true, out _, out int written, out _);
            length = sizeof(ushort) + written;
        }

        var frame = new byte[2 + length];
        WebSocketFrameHeader.Write(frame, WebSocketOpcode.Close, length);
        payload[..length].CopyTo(frame.AsSpan(2));
        return frame;
    }

    /// <summary>Reads a client's code, or says which rule the frame breaks (RFC 6455 §7.4, §5.5.1).</summary>
    public static WebSocketCloseCode Decode(ReadOnlySpan<byte> payload, out WebSocketViolation? violation)
    {
        violation = null;
        if (payload.IsEmpty)
        {
            return WebSocketCloseCode.None;
        }

        int code = payload.Length == 1 ? 0 : BinaryPrimitives.ReadUInt16BigEndian(payload);
        if (!IsAllowed(code))
        {
            violation = new WebSocketViolation(WebSocketCloseCode.ProtocolError, "the close code is not allowed");
        }
        else if (!Utf8.IsValid(payload[sizeof(ushort)..]))
        {
            violation = new WebSocketViolation(WebSocketCloseCode.InvalidData, "the close reason is not UTF-8");
        }

        return (WebSocketCloseCode)code;
    }

    private static bool IsAllowed(int code) => code is >= 1000 and <= 1003 or >= 1007 and <= 1014 or >= 3000 and <= 4999;
}
