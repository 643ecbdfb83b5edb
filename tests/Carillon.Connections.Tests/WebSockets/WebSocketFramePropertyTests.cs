using System.Buffers;
using Carillon.Connections.WebSockets;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace Carillon.Connections.Tests.WebSockets;

public sealed class WebSocketFramePropertyTests
{
    private const int Limit = 10_000;
    private static readonly Config Thorough = Config.QuickThrowOnFailure.WithMaxTest(100).WithQuietOnSuccess(true);

    [Fact]
    public void Messages_in_fragments_are_read_the_same_split_at_every_byte() => Check.One(Thorough, Prop.ForAll<byte[][], int>(static (messages, seed) =>
    {
        messages = [.. (messages ?? []).Select(static message => message ?? [])];
        var random = new Random(seed);
        byte[] stream = [.. messages.SelectMany(message => Fragment(message, random))];
        string[] expected = [.. messages.Select(static message => $"Binary {Convert.ToHexString(message)}")];

        Read([stream]).Where(static told => !told.StartsWith("Ping", StringComparison.Ordinal)).ShouldBe(expected);
        string[] whole = Read([stream]);
        for (int at = 0; at <= stream.Length; at++)
        {
            Read([stream[..at], stream[at..]]).ShouldBe(whole);
        }

        Read([.. stream.Select(static value => new[] { value })]).ShouldBe(whole);
    }));

    [Fact]
    public void Any_bytes_are_read_the_same_split_at_every_byte() => Check.One(Thorough, Prop.ForAll<byte[], byte[]>(static (front, back) =>
    {
        byte[] stream = [.. ClientFrames.Make(0x82, front ?? []), .. back ?? [], .. ClientFrames.Text("end")];
        string[] whole = Read([stream]);
        for (int at = 0; at <= stream.Length; at++)
        {
            Read([stream[..at], stream[at..]]).ShouldBe(whole);
        }
    }));

    // What is told of a stream whose parts come one after another, each message and how it ended.
    private static string[] Read(byte[][] parts)
    {
        var told = new List<string>();
        using var reader = new WebSocketFrameReader(Limit);
        byte[] rest = [];
        foreach (byte[] part in parts)
        {
            ReadOnlySequence<byte> buffer = Segments.Join([rest, [.. part]]);
            WebSocketReadStatus status;
            while ((status = reader.TryRead(ref buffer, out WebSocketMessage message)) == WebSocketReadStatus.Message)
            {
                told.Add($"{message.Opcode} {Convert.ToHexString(message.Payload.Span)}");
            }

            if (status == WebSocketReadStatus.Violation)
            {
                return [.. told, $"{reader.Violation.Code} {reader.Violation.Reason}"];
            }

            rest = buffer.ToArray();
        }

        return [.. told];
    }

    private static IEnumerable<byte> Fragment(byte[] message, Random random)
    {
        byte first = 0x02;
        int at = 0;
        while (message.Length - at > 0 && random.Next(3) > 0)
        {
            int length = random.Next(message.Length - at + 1);
            foreach (byte value in ClientFrames.Make(first, message[at..(at + length)]).Concat(random.Next(2) == 0 ? ClientFrames.Make(0x89, [1]) : []))
            {
                yield return value;
            }

            first = 0x00;
            at += length;
        }

        foreach (byte value in ClientFrames.Make((byte)(first | 0x80), message[at..]))
        {
            yield return value;
        }
    }
}
