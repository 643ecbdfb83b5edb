using System.Buffers.Binary;
using System.Net.Sockets;
using Carillon.Bench.Linux;

namespace Carillon.Bench.Wire;

/// <summary>Cuts a server's WebSocket frames (RFC 6455 §5.2: not masked), answers its pings and those of Engine.IO.</summary>
internal abstract class WebSocketLink(Socket socket) : Link(socket)
{
    public override int Consume(ReadOnlySpan<byte> bytes, long now)
    {
        int consumed = 0;
        while (TryReadHeader(bytes[consumed..], out int header, out int length) && bytes.Length - consumed >= header + length)
        {
            OnFrame(bytes[consumed], bytes.Slice(consumed + header, length), now);
            consumed += header + length;
        }
        return consumed;
    }

    protected abstract void OnPacket(ReadOnlySpan<byte> packet, long now);

    private void OnFrame(byte first, ReadOnlySpan<byte> payload, long now)
    {
        switch (first)
        {
            case WebSocketFrames.FinalText when payload.SequenceEqual("2"u8):
                Send(WebSocketFrames.EngineIoPong);
                break;
            case WebSocketFrames.FinalText:
                OnPacket(payload, now);
                break;
            case WebSocketFrames.FinalPing:
                Send(WebSocketFrames.Masked(WebSocketFrames.FinalPong, payload));
                break;
            default:
                throw new LoadException($"{this} received a WebSocket frame that begins with 0x{first:x2}.");
        }
    }

    private static bool TryReadHeader(ReadOnlySpan<byte> bytes, out int header, out int length)
    {
        header = 2;
        length = 0;
        if (bytes.Length < 2)
        {
            return false;
        }
        length = bytes[1];
        if (length < 126)
        {
            return true;
        }
        header = length == 126 ? 4 : 10;
        if (bytes.Length < header)
        {
            return false;
        }
        length = header == 4 ? BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]) : checked((int)BinaryPrimitives.ReadUInt64BigEndian(bytes[2..]));
        return true;
    }
}
