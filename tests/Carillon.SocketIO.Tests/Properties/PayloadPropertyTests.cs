using System.Buffers;
using System.Text;
using Carillon.Connections;
using Carillon.SocketIO.EngineIO;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace Carillon.SocketIO.Tests.Properties;

public sealed class PayloadPropertyTests
{
    private static readonly Config Thorough = Config.QuickThrowOnFailure.WithMaxTest(1000).WithQuietOnSuccess(true);

    [Fact]
    public void Packets_are_read_as_they_were_written() => Check.One(Thorough, Prop.ForAll<NonNull<string>[], byte[][], int>(static (texts, binaries, order) =>
    {
        Frame[] frames =
        [
            .. (texts ?? []).Select(static text => Frame.FromText(Encoding.UTF8.GetBytes("4" + text.Get.Replace('\x1e', ' ')))),
            .. (binaries ?? []).Select(static bytes => Frame.FromBinary(bytes)),
        ];
        new Random(order).Shuffle(frames);
        var written = new ArrayBufferWriter<byte>();
        PollingPayload.Write(written, frames);
        written.WrittenCount.ShouldBe(PollingPayload.LengthOf(frames));

        ReadOnlyMemory<byte> rest = written.WrittenMemory;
        foreach (Frame frame in frames)
        {
            PollingPayload.TryTake(ref rest, out ReadOnlyMemory<byte> packet).ShouldBeTrue();
            byte[] decoded = packet.ToArray();
            if (frame.IsBinary)
            {
                packet.Span[0].ShouldBe((byte)'b');
                PollingPayload.TryDecodeBinary(packet.Span, decoded, out int length).ShouldBeTrue();
                decoded = decoded[..length];
            }

            decoded.ShouldBe(frame.Payload.ToArray());
        }

        PollingPayload.TryTake(ref rest, out _).ShouldBeFalse();
    }));

    [Fact]
    public void Payload_cut_off_at_any_byte_is_read_up_to_there() => Check.One(Thorough, Prop.ForAll<NonNull<string>, byte[]>(static (text, bytes) =>
    {
        byte[] whole = [.. Encoding.UTF8.GetBytes("4" + text.Get.Replace('\x1e', ' ')), 0x1E, (byte)'b', .. Encoding.ASCII.GetBytes(Convert.ToBase64String(bytes ?? [])), 0x1E, (byte)'2'];
        for (int length = 0; length <= whole.Length; length++)
        {
            ReadOnlyMemory<byte> payload = whole.AsMemory(0, length);
            int packets = 0;
            int taken = 0;
            while (PollingPayload.TryTake(ref payload, out ReadOnlyMemory<byte> packet))
            {
                packets++;
                taken += packet.Length;
                PollingPayload.TryDecodeBinary(packet.Span is [] ? "b"u8 : packet.Span, new byte[packet.Length + 1], out _);
            }

            int separators = whole.AsSpan(0, length).Count((byte)0x1E);
            taken.ShouldBe(length - separators);
            packets.ShouldBeInRange(separators, separators + 1);
        }
    }));
}
