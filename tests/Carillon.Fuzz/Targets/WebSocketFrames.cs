using System.Buffers;
using System.Text;
using Carillon.Connections.Tests.WebSockets;
using Carillon.Connections.WebSockets;

namespace Carillon.Fuzz.Targets;

/// <summary>What a client sends on a WebSocket. However the bytes arrive, the same messages, or the same violation, must come out.</summary>
internal sealed class WebSocketFrames : FuzzTarget
{
    private const int MaxMessageSize = 1000;

    private static readonly byte[][] Known =
    [
        Frame(0x81, "hello"),
        [.. Frame(0x81, "40"), .. Frame(0x81, "42[\"e\",\"é😀\"]"), .. Frame(0x82, "\0\x1\x2")],
        [.. Frame(0x01, "frag"), .. Frame(0x89, "ping"), .. Frame(0x00, "men"), .. Frame(0x80, "ted")],
        [.. Frame(0x8A, string.Empty), .. Frame(0x88, "\u0003è"), .. Frame(0x81, "late")],
        Frame(0x82, new string('x', 300)),
        Frame(0x81, new string('x', 1000)),
        [0x81, 0xFF, 0, 0, 0, 0, 0, 0, 0, 5, 0, 0, 0, 0, .. "12345"u8],
        [0x82, 0xFF, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
        [0x82, 0xFE, 0, 5, 0, 0, 0, 0, .. "12345"u8],
        [0x81, 0xFF, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0],
        [0x81, 0x05, .. "plain"u8],
    ];

    public override string Name => "frames";

    public override IReadOnlyList<byte[]> Corpus => Known;

    /// <summary>Most of it is this class's own: what waits is copied for each part.</summary>
    public override long MaxAllocation(int length) => (256 * 1024) + (8 * MaxMessageSize * (long)length);

    public override void Execute(byte[] input)
    {
        string whole = Read([input]);
        int step = 1 + (input.Length % 7) + (input.Length / 64);
        string split = Read([.. input.Chunk(step)]);
        Require(whole == split, $"read otherwise in pieces of {step}: {whole} and {split}");
    }

    // Bytes come in parts; what was not taken stays in front of the next.
    private static string Read(byte[][] parts)
    {
        var told = new StringBuilder();
        using var reader = new WebSocketFrameReader(MaxMessageSize);
        var waiting = new List<byte[]>();
        foreach (byte[] part in parts)
        {
            waiting.Add([.. part]); // Payloads are unmasked where they lie.
            ReadOnlySequence<byte> buffer = Segments.Join(waiting);
            WebSocketReadStatus status;
            while ((status = reader.TryRead(ref buffer, out WebSocketMessage message)) == WebSocketReadStatus.Message)
            {
                Require(message.Payload.Length <= MaxMessageSize, "a message over the limit");
                told.Append((int)message.Opcode).Append(' ').Append(Convert.ToHexString(message.Payload.Span)).Append('\n');
            }

            if (status == WebSocketReadStatus.Violation)
            {
                Require(reader.Violation.Reason.Length > 0, "a violation without a reason");
                return told.Append(reader.Violation.Code).ToString();
            }

            byte[] rest = buffer.ToArray();
            Require(rest.Length <= MaxMessageSize + 14, "more waits than a frame may be long");
            waiting.Clear();
            if (rest.Length > 0)
            {
                // Two segments, as in a pipe.
                waiting.Add(rest[..(rest.Length / 2)]);
                waiting.Add(rest[(rest.Length / 2)..]);
            }
        }

        return told.ToString();
    }

    private static byte[] Frame(byte first, string text)
    {
        byte[] payload = Encoding.UTF8.GetBytes(text);
        byte[] length = payload.Length <= 125 ? [(byte)(0x80 | payload.Length)] : [0xFE, (byte)(payload.Length >> 8), (byte)payload.Length];
        byte[] mask = [0x12, 0x34, 0x56, 0x78];
        return [first, .. length, .. mask, .. payload.Select((b, i) => (byte)(b ^ mask[i & 3]))];
    }
}
