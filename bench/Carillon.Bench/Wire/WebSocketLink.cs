using System.Buffers.Binary;
using System.Net;
using System.Text;
using Carillon.Bench.Linux;

namespace Carillon.Bench.Wire;

/// <summary>
/// A WebSocket connection that upgrades and opens itself while the event loop runs, then cuts the server's frames (RFC 6455 §5.2: not masked) and
/// answers its pings. What a protocol adds is how frames become packets.
/// </summary>
internal abstract class WebSocketLink : Link
{
    private readonly Opening _opening;
    private bool _upgraded;
    private int _step;

    /// <summary>Connects and asks for the upgrade.</summary>
    protected WebSocketLink(IPEndPoint server, Opening opening)
        : base(Connect(server))
    {
        _opening = opening;
        Send(Encoding.ASCII.GetBytes(
            $"GET {opening.Path} HTTP/1.1\r\nHost: {server}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
            + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
            + (opening.Subprotocol is { } offered ? $"Sec-WebSocket-Protocol: {offered}\r\n\r\n" : "\r\n")));
    }

    /// <summary>Whether all steps of the opening are done.</summary>
    public override bool IsOpen => _upgraded && _step == _opening.Steps.Count;

    public override int Consume(ReadOnlySpan<byte> bytes, long now)
    {
        int consumed = 0;
        if (!_upgraded)
        {
            consumed = bytes.IndexOf("\r\n\r\n"u8) + 4;
            if (consumed < 4)
            {
                return 0;
            }
            OnUpgradeAnswered(bytes[..consumed]);
        }
        while (TryReadHeader(bytes[consumed..], out int header, out int length) && bytes.Length - consumed >= header + length)
        {
            OnFrame(bytes[consumed], bytes.Slice(consumed + header, length), now);
            consumed += header + length;
        }
        return consumed;
    }

    /// <summary>A frame that is not a control frame: <paramref name="first"/> holds its opcode and whether it is final.</summary>
    protected abstract void OnData(byte first, ReadOnlySpan<byte> payload, long now);

    /// <summary>A packet after the opening. A client that only stays connected expects none.</summary>
    protected virtual void OnPacket(ReadOnlySpan<byte> packet, long now) =>
        throw new LoadException($"{GetType().Name} received {Encoding.UTF8.GetString(packet)}");

    /// <summary>Called by the protocol for each packet, in order.</summary>
    protected void Take(ReadOnlySpan<byte> packet, long now)
    {
        if (IsOpen)
        {
            OnPacket(packet, now);
            return;
        }
        OpeningStep step = _opening.Steps[_step];
        if (!packet.StartsWith(step.Expect))
        {
            throw new LoadException($"Expected {Encoding.UTF8.GetString(step.Expect)}…, received {Encoding.UTF8.GetString(packet)}");
        }
        _step++;
        SendStep();
    }

    private void OnUpgradeAnswered(ReadOnlySpan<byte> head)
    {
        if (!head.StartsWith("HTTP/1.1 101 "u8) || (_opening.Subprotocol is { } wanted && head.IndexOf(Encoding.ASCII.GetBytes(wanted)) < 0))
        {
            throw new LoadException($"The upgrade was answered: {Encoding.UTF8.GetString(head)}");
        }
        _upgraded = true;
        SendStep();
    }

    private void SendStep()
    {
        if (!IsOpen && _opening.Steps[_step].Send is { Length: > 0 } frames)
        {
            Send(frames);
        }
    }

    private void OnFrame(byte first, ReadOnlySpan<byte> payload, long now)
    {
        switch (first)
        {
            case WebSocketFrames.FinalPing:
                Send(WebSocketFrames.Masked(WebSocketFrames.FinalPong, payload));
                break;
            case WebSocketFrames.FinalClose:
                throw new LoadException($"{GetType().Name} was closed by the server.");
            default:
                OnData(first, payload, now);
                break;
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
