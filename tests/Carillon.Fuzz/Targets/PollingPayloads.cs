using System.Buffers;
using System.Text;
using Carillon.Connections;
using Carillon.SocketIO.EngineIO;

namespace Carillon.Fuzz.Targets;

/// <summary>The body of a POST. What was read, written again, must read the same.</summary>
internal sealed class PollingPayloads : FuzzTarget
{
    private static readonly byte[][] Known =
    [
        .. new[] { "40", "4hello\x1e" + "2\x1e" + "4world", "bAQIDBA==", "b\x1e" + "bAQ==\x1e" + "4", "\x1e\x1e\x1e", "4é😀\x1e", "b AQID", "bAQID\n", "2probe\x1e" + "1" }.Select(Encoding.UTF8.GetBytes),
    ];

    public override string Name => "payloads";

    public override IReadOnlyList<byte[]> Corpus => Known;

    public override void Execute(byte[] input)
    {
        List<Frame>? first = Read(input, out int packets);
        Require(packets <= input.AsSpan().Count((byte)0x1E) + 1, "more packets than separators allow");
        if (first is not { Count: > 0 })
        {
            return;
        }

        var written = new ArrayBufferWriter<byte>();
        Frame[] frames = [.. first];
        PollingPayload.Write(written, frames);
        Require(written.WrittenCount == PollingPayload.LengthOf(frames), "another length than was foretold");
        List<Frame>? second = Read(written.WrittenMemory, out _);
        Require(second is not null && Same(first, second), "read otherwise after writing");
    }

    private static List<Frame>? Read(ReadOnlyMemory<byte> payload, out int packets)
    {
        var frames = new List<Frame>();
        packets = 0;
        while (PollingPayload.TryTake(ref payload, out ReadOnlyMemory<byte> packet))
        {
            packets++;
            if (packet.Span is not [(byte)'b', ..])
            {
                frames.Add(Frame.FromText(packet.Span));
                continue;
            }

            var decoded = new byte[packet.Length];
            if (!PollingPayload.TryDecodeBinary(packet.Span, decoded, out int length))
            {
                return null;
            }

            frames.Add(Frame.FromBinary(decoded.AsSpan(0, length)));
        }

        return frames;
    }

    // An empty packet at the end is not told from none.
    private static bool Same(List<Frame> first, List<Frame> second)
    {
        int count = first[^1] is { IsBinary: false, Payload.IsEmpty: true } ? first.Count - 1 : first.Count;
        return second.Count == count
            && first.Take(count).Zip(second).All(static pair => pair.First.IsBinary == pair.Second.IsBinary && pair.First.Payload.Span.SequenceEqual(pair.Second.Payload.Span));
    }
}
