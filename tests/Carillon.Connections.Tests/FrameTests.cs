using System.Buffers;
using Shouldly;
using Xunit;

namespace Carillon.Connections.Tests;

public sealed class FrameTests
{
    [Theory]
    [InlineData(0, new byte[] { 0x81, 0 })]
    [InlineData(125, new byte[] { 0x81, 125 })]
    [InlineData(126, new byte[] { 0x81, 126, 0, 126 })]
    [InlineData(65535, new byte[] { 0x81, 126, 0xFF, 0xFF })]
    [InlineData(65536, new byte[] { 0x81, 127, 0, 0, 0, 0, 0, 1, 0, 0 })]
    public void Frame_holds_the_shortest_header_and_the_payload(int length, byte[] header)
    {
        byte[] payload = Enumerable.Range(0, length).Select(static i => (byte)('a' + (i % 26))).ToArray();

        Frame frame = Frame.FromText(payload);

        frame.WebSocketBytes.ToArray().ShouldBe([.. header, .. payload]);
        frame.Payload.ToArray().ShouldBe(payload);
        frame.Length.ShouldBe(header.Length + length);
        frame.IsBinary.ShouldBeFalse();
    }

    [Fact]
    public void Binary_frame_has_the_binary_opcode()
    {
        Frame frame = Frame.FromBinary([1, 2, 3]);

        frame.IsBinary.ShouldBeTrue();
        frame.WebSocketBytes.ToArray().ShouldBe([0x82, 3, 1, 2, 3]);
    }

    [Fact]
    public void Frame_stays_as_it_is_when_its_writer_is_used_again()
    {
        using var writer = new FrameWriter(4);
        for (int i = 0; i < 1000; i++)
        {
            writer.Write("0123456789"u8);
        }

        Frame first = writer.ToFrame();
        writer.Reset();
        writer.Write("other"u8);
        Frame second = writer.ToFrame();

        first.Payload.Length.ShouldBe(10_000);
        first.Payload.Span[9_999].ShouldBe((byte)'9');
        second.Payload.ToArray().ShouldBe("other"u8.ToArray());
    }

    [Fact]
    public void Writer_refuses_to_advance_beyond_its_buffer()
    {
        using var writer = new FrameWriter(16);
        int room = writer.GetSpan().Length;

        Should.Throw<ArgumentOutOfRangeException>(() => writer.Advance(room + 1));
    }
}
