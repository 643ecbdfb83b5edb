using System.Buffers;
using System.Text;
using Carillon.Connections.WebSockets;
using Shouldly;
using Xunit;

namespace Carillon.Connections.Tests.WebSockets;

public sealed class WebSocketFrameReaderTests
{
    private const int Limit = 100_000;

    public static TheoryData<string, byte[], int> Violations => new()
    {
        { "reserved bit", ClientFrames.Make(0xC1, []), 1002 },
        { "reserved data opcode", ClientFrames.Make(0x83, []), 1002 },
        { "reserved control opcode", ClientFrames.Make(0x8B, []), 1002 },
        { "not masked", [0x81, 0x01, 0x41], 1002 },
        { "fragmented control frame", ClientFrames.Make(0x09, []), 1002 },
        { "long control frame", ClientFrames.Make(0x89, new byte[126]), 1002 },
        { "continuation first", ClientFrames.Make(0x80, []), 1002 },
        { "message inside a message", [.. ClientFrames.Make(0x01, []), .. ClientFrames.Text("x")], 1002 },
        { "top bit of the length", ClientFrames.HeaderOnly(0x82, 0x8000_0000_0000_0000), 1002 },
        { "16-bit length of 125", [0x82, 0xFE, 0, 125, 0, 0, 0, 0], 1002 },
        { "64-bit length of 0", ClientFrames.HeaderOnly(0x81, 0), 1002 },
        { "64-bit length of 65,535", ClientFrames.HeaderOnly(0x82, ushort.MaxValue), 1002 },
        { "too big by its header", ClientFrames.HeaderOnly(0x82, Limit + 1), 1009 },
        { "huge by its header", ClientFrames.HeaderOnly(0x82, long.MaxValue), 1009 },
        { "too big by fragments", [.. ClientFrames.Make(0x02, new byte[Limit]), .. ClientFrames.Make(0x80, [1])], 1009 },
        { "text not UTF-8", ClientFrames.Make(0x81, [0xC3, 0x28]), 1007 },
        { "text ends inside a character", ClientFrames.Make(0x81, [0xE2, 0x82]), 1007 },
        { "surrogate in text", ClientFrames.Make(0x81, [0xED, 0xA0, 0x80]), 1007 },
        { "fragments not UTF-8", [.. ClientFrames.Make(0x01, [0xC3]), .. ClientFrames.Make(0x80, [0x28])], 1007 },
    };

    [Fact]
    public void Messages_are_read_however_the_bytes_are_split()
    {
        byte[] stream =
        [
            .. ClientFrames.Text("hello"),
            .. ClientFrames.Make(0x01, Encoding.UTF8.GetBytes("frag €").AsSpan(0, 6).ToArray()),
            .. ClientFrames.Make(0x89, "beat"u8.ToArray()),
            .. ClientFrames.Make(0x80, Encoding.UTF8.GetBytes("frag €").AsSpan(6).ToArray()),
            .. ClientFrames.Make(0x82, new byte[300]),
            .. ClientFrames.Text(string.Empty),
            .. ClientFrames.Make(0x8A, []),
            .. ClientFrames.Close(1000, "bye"),
        ];
        string[] expected = ["Text hello", "Ping beat", "Text frag €", "Binary 300", "Text ", "Pong ", "Close 5"];

        ReadAll([stream]).ShouldBe(expected);
        for (int i = 1; i < stream.Length; i++)
        {
            ReadAll([stream[..i], stream[i..]]).ShouldBe(expected, ignoreOrder: false, $"split at {i}");
        }

        ReadAll(stream.Select(static b => new[] { b }).ToArray()).ShouldBe(expected);
    }

    [Theory]
    [MemberData(nameof(Violations))]
    public void Violation_is_found_with_its_close_code(string what, byte[] stream, int code)
    {
        using var reader = new WebSocketFrameReader(Limit);
        var buffer = new ReadOnlySequence<byte>(stream);

        WebSocketReadStatus status;
        do
        {
            status = reader.TryRead(ref buffer, out _);
        }
        while (status == WebSocketReadStatus.Message);

        status.ShouldBe(WebSocketReadStatus.Violation, what);
        ((int)reader.Violation.Code).ShouldBe(code, what);
    }

    [Theory]
    [InlineData(125)]
    [InlineData(126)]
    [InlineData(65_535)]
    [InlineData(65_536)]
    public void Length_in_as_few_bytes_as_it_needs_is_read(int length) => ReadAll([ClientFrames.Make(0x82, new byte[length])]).ShouldBe([$"Binary {length}"]);

    [Fact]
    public void Message_of_exactly_the_limit_is_read()
    {
        ReadAll([ClientFrames.Make(0x82, new byte[Limit])]).ShouldBe([$"Binary {Limit}"]);
    }

    [Fact]
    public void Mask_is_removed_at_every_length_and_offset()
    {
        byte[] mask = [1, 2, 3, 4];
        uint packed = BitConverter.ToUInt32(mask);
        for (int length = 0; length < 150; length++)
        {
            for (int offset = 0; offset < 5; offset++)
            {
                byte[] data = Enumerable.Range(0, length).Select(static i => (byte)(i * 7)).ToArray();
                byte[] expected = data.Select((b, i) => (byte)(b ^ mask[(i + offset) & 3])).ToArray();

                WebSocketMask.Apply(data, packed, offset);

                data.ShouldBe(expected);
            }
        }
    }

    [Theory]
    [InlineData(1004)]
    [InlineData(1005)]
    [InlineData(1006)]
    [InlineData(1015)]
    [InlineData(999)]
    [InlineData(2000)]
    [InlineData(5000)]
    public void Close_code_that_may_not_be_sent_is_a_violation(int code)
    {
        WebSocketCloseFrame.Decode([(byte)(code >> 8), (byte)code], out WebSocketViolation? violation);

        violation.ShouldNotBeNull().Code.ShouldBe(WebSocketCloseCode.ProtocolError);
    }

    [Fact]
    public void Close_frame_with_half_a_code_or_a_reason_that_is_not_text_is_a_violation()
    {
        WebSocketCloseFrame.Decode([3], out WebSocketViolation? half);
        WebSocketCloseFrame.Decode([3, 232, 0xFF], out WebSocketViolation? notText);
        WebSocketCloseFrame.Decode([], out WebSocketViolation? empty);

        half.ShouldNotBeNull().Code.ShouldBe(WebSocketCloseCode.ProtocolError);
        notText.ShouldNotBeNull().Code.ShouldBe(WebSocketCloseCode.InvalidData);
        empty.ShouldBeNull();
    }

    [Fact]
    public void Close_reason_is_cut_at_a_character_to_fit_a_control_frame()
    {
        byte[] frame = WebSocketCloseFrame.Encode(WebSocketCloseCode.GoingAway, new string('€', 60));

        frame[1].ShouldBe((byte)(2 + (41 * 3)));
        Encoding.UTF8.GetString(frame.AsSpan(4)).ShouldBe(new string('€', 41));
    }

    // Feeds the chunks one after another, as a pipe would: what was not consumed is seen again with the next chunk, in several segments.
    private static List<string> ReadAll(byte[][] chunks)
    {
        using var reader = new WebSocketFrameReader(Limit);
        var messages = new List<string>();
        var left = new List<byte[]>();
        foreach (byte[] chunk in chunks)
        {
            left.Add(chunk.ToArray());
            ReadOnlySequence<byte> buffer = Segments.Join(left);
            WebSocketReadStatus status;
            while ((status = reader.TryRead(ref buffer, out WebSocketMessage message)) == WebSocketReadStatus.Message)
            {
                messages.Add(Describe(message));
            }

            status.ShouldBe(WebSocketReadStatus.NeedMore);
            left = [];
            foreach (ReadOnlyMemory<byte> segment in buffer)
            {
                left.Add(segment.ToArray());
            }
        }

        return messages;
    }

    private static string Describe(WebSocketMessage message) => message.Opcode is WebSocketOpcode.Binary or WebSocketOpcode.Close
        ? $"{message.Opcode} {message.Payload.Length}"
        : $"{message.Opcode} {Encoding.UTF8.GetString(message.Payload.Span)}";
}
