using System.Text;
using System.Threading.Channels;
using Carillon.Connections;
using Carillon.Connections.Tests.WebSockets;
using Carillon.SocketIO.EngineIO;
using Shouldly;
using Xunit;

namespace Carillon.SocketIO.Tests.EngineIO;

/// <summary>Frames that no honest client sends: each closes its own session with a clear code and reason, and a neighbour is served throughout.</summary>
public class HostileWebSocketTests : HostedTests
{
    private const string Request = "GET /engine.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";

    public static TheoryData<string, byte[], int, string> BadFrames => new()
    {
        { "RSV1", ClientFrames.Make(0xC1, "4x"u8.ToArray()), 1002, "a reserved bit is set" },
        { "RSV2", ClientFrames.Make(0xA1, "4x"u8.ToArray()), 1002, "a reserved bit is set" },
        { "RSV3", ClientFrames.Make(0x91, "4x"u8.ToArray()), 1002, "a reserved bit is set" },
        { "opcode 3", ClientFrames.Make(0x83, []), 1002, "the opcode is reserved" },
        { "opcode 15", ClientFrames.Make(0x8F, []), 1002, "the opcode is reserved" },
        { "unmasked", [0x81, 2, (byte)'4', (byte)'x'], 1002, "the frame is not masked" },
        { "top bit of the length", ClientFrames.HeaderOnly(0x82, 1UL << 63), 1002, "the length's top bit is set" },
        { "every bit of the length", ClientFrames.HeaderOnly(0x81, ulong.MaxValue), 1002, "the length's top bit is set" },
        { "16-bit length of 2", [0x81, 0xFE, 0, 2, 0, 0, 0, 0, (byte)'4', (byte)'x'], 1002, "the length takes more bytes than it needs" },
        { "64-bit length of 2", [.. ClientFrames.HeaderOnly(0x81, 2), .. "4x"u8], 1002, "the length takes more bytes than it needs" },
        { "8 EiB announced", ClientFrames.HeaderOnly(0x82, long.MaxValue), 1009, "the message is too big" },
        { "one byte too many", ClientFrames.HeaderOnly(0x81, 1_000_001), 1009, "the message is too big" },
        { "continuation of nothing", ClientFrames.Make(0x80, "4x"u8.ToArray()), 1002, "a continuation without a beginning" },
        { "text inside text", [.. ClientFrames.Make(0x01, "4"u8.ToArray()), .. ClientFrames.Text("4x")], 1002, "a message begins inside another" },
        { "fragmented ping", ClientFrames.Make(0x09, []), 1002, "a control frame is fragmented" },
        { "long ping", ClientFrames.Make(0x89, new byte[126]), 1002, "a control frame is over 125 bytes" },
        { "not UTF-8", ClientFrames.Make(0x81, [(byte)'4', 0xC3, 0x28]), 1007, "the text is not UTF-8" },
        { "surrogate", ClientFrames.Make(0x81, [(byte)'4', 0xED, 0xA0, 0x80]), 1007, "the text is not UTF-8" },
        { "forbidden close code", ClientFrames.Close(1005), 1002, "the close code is not allowed" },
        { "empty text", ClientFrames.Text(string.Empty), 1008, "parse error: an empty packet" },
        { "unknown packet", ClientFrames.Text("7"), 1008, "parse error: an unexpected Engine.IO packet" },
        { "open from a client", ClientFrames.Text("0{}"), 1008, "parse error: an unexpected Engine.IO packet" },
        { "ping from a client", ClientFrames.Text("2"), 1008, "parse error: an unexpected Engine.IO packet" },
        { "late upgrade", ClientFrames.Text("5"), 1008, "parse error: an unexpected Engine.IO packet" },
        { "late probe", ClientFrames.Text("2probe"), 1008, "parse error: an unexpected Engine.IO packet" },
        { "bad base64", ClientFrames.Text("b!"), 1008, "parse error: a malformed binary packet" },
    };

    [Theory]
    [MemberData(nameof(BadFrames))]
    public async Task Frame_that_breaks_a_rule_closes_with_a_code_and_a_reason(string what, byte[] bytes, int code, string reason)
    {
        await using EngineApplication application = await StartEchoAsync();
        using Neighbour neighbour = await Neighbour.JoinAsync(application);
        using RawClient raw = await ConnectAsync(application);

        await raw.SendAsync(bytes);

        (await raw.ReadCloseAsync()).ShouldBe((code, reason), what);
        raw.ShutdownSend(); // Else the server waits for our close frame until its own deadline.
        await Eventually.BeTrueAsync(() => application.Server.ConnectionCount == 1);
        await neighbour.ShouldBeServedAsync();
    }

    [Fact]
    public async Task Empty_binary_message_and_base64_in_text_are_messages()
    {
        await using EngineApplication application = await StartEchoAsync();
        using RawClient raw = await ConnectAsync(application);

        await raw.SendAsync([.. ClientFrames.Make(0x82, []), .. ClientFrames.Text("bAQID"), .. ClientFrames.Text("4")]);

        (await raw.ReadFrameAsync()).Payload.ShouldBe([]);
        (await raw.ReadFrameAsync()).ShouldSatisfyAllConditions(static frame => frame.First.ShouldBe(0x82), static frame => frame.Payload.ShouldBe([1, 2, 3]));
        (await raw.ReadTextAsync()).ShouldBe("4");
    }

    [Fact]
    public async Task Fragments_without_end_are_cut_off_at_the_limit()
    {
        await using EngineApplication application = await StartEchoAsync();
        using Neighbour neighbour = await Neighbour.JoinAsync(application);
        using RawClient raw = await ConnectAsync(application);
        byte[] part = ClientFrames.Make(0x00, new byte[65_536]);

        await raw.SendAsync(ClientFrames.Make(0x02, []));
        for (int i = 0; i < 16; i++)
        {
            await raw.SendAsync(part); // The 16th passes 1,000,000 bytes.
        }

        (await raw.ReadCloseAsync()).ShouldBe((1009, "the message is too big"));
        await neighbour.ShouldBeServedAsync();
    }

    [Fact]
    public async Task Fragments_without_content_collect_nothing()
    {
        await using EngineApplication application = await StartEchoAsync();
        using RawClient raw = await ConnectAsync(application);
        byte[] nothing = ClientFrames.Make(0x00, []);

        await raw.SendAsync(ClientFrames.Make(0x01, "4"u8.ToArray()));
        for (int i = 0; i < 100; i++)
        {
            await raw.SendAsync([.. Enumerable.Repeat(nothing, 1000).SelectMany(static frame => frame)]);
        }

        await raw.SendAsync(ClientFrames.Make(0x80, "end"u8.ToArray()));

        (await raw.ReadTextAsync()).ShouldBe("4end");
    }

    [Fact]
    public async Task Flood_of_pings_is_answered_with_what_can_be_written_and_hurts_no_one()
    {
        await using EngineApplication application = await StartEchoAsync();
        using Neighbour neighbour = await Neighbour.JoinAsync(application);
        using RawClient raw = await ConnectAsync(application);
        byte[] pings = [.. Enumerable.Repeat(ClientFrames.Make(0x89, new byte[125]), 1000).SelectMany(static frame => frame)];

        for (int i = 0; i < 100; i++)
        {
            await raw.SendAsync(pings);
            await neighbour.ShouldBeServedAsync();
        }

        await raw.SendAsync(ClientFrames.Text("4end"));
        (int First, byte[] Payload) frame;
        int pongs = 0;
        while ((frame = await raw.ReadFrameAsync()).First == 0x8A)
        {
            pongs++;
        }

        Encoding.UTF8.GetString(frame.Payload).ShouldBe("4end");
        pongs.ShouldBeInRange(1, 100_000);
    }

    [Fact]
    public async Task Client_that_never_speaks_is_closed_by_the_ping_timeout()
    {
        var options = new EngineIOOptions { PingInterval = TimeSpan.FromMilliseconds(200), PingTimeout = TimeSpan.FromMilliseconds(200) };
        await using EngineApplication application = await StartEchoAsync(options);
        using RawClient raw = await ConnectAsync(application);

        (await raw.ReadTextAsync()).ShouldBe("2");

        (await raw.ReadCloseAsync()).ShouldBe((1008, "ping timeout"));
        await Eventually.BeTrueAsync(() => application.Server.ConnectionCount == 0);
    }

    [Fact]
    public async Task Client_that_never_reads_overflows_its_own_outbox_and_no_other()
    {
        var options = new EngineIOOptions { Outbox = new OutboxOptions { MaxBytes = 256 * 1024, BurstTime = TimeSpan.Zero } };
        (EngineApplication application, ChannelReader<EngineSocket> sockets, ChannelReader<DisconnectReason> reasons) = await StartAsync(options);
        await using EngineApplication disposed = application;
        using Neighbour neighbour = await Neighbour.JoinAsync(application);
        await sockets.ReadAsync();
        using RawClient raw = await RawClient.ConnectAsync(application.Address.Port, receiveBuffer: 4096, request: Request);
        EngineSocket silent = await sockets.ReadAsync();
        var message = new byte[16_384];
        int sent = 0;

        while (silent.SendBinary(message) && sent++ < 10_000)
        {
            silent.QueuedFrames.ShouldBeLessThanOrEqualTo(16 + 1);
            if (sent % 100 == 0)
            {
                await neighbour.ShouldBeServedAsync();
            }
        }

        sent.ShouldBeLessThan(10_000);
        (await reasons.ReadAsync()).Cause.ShouldBe(DisconnectCause.OutboxOverflow);
        await Eventually.BeTrueAsync(() => application.Server.ConnectionCount == 1);
        await neighbour.ShouldBeServedAsync();
    }

    [Fact]
    public async Task Client_that_never_reads_is_cut_off_after_the_write_timeout()
    {
        var options = new EngineIOOptions
        {
            PingTimeout = TimeSpan.FromSeconds(2), // The heartbeat's precision follows the shortest interval.
            Outbox = new OutboxOptions { WriteTimeout = TimeSpan.FromMilliseconds(500) },
        };
        (EngineApplication application, ChannelReader<EngineSocket> sockets, ChannelReader<DisconnectReason> reasons) = await StartAsync(options);
        await using EngineApplication disposed = application;
        using Neighbour neighbour = await Neighbour.JoinAsync(application);
        await sockets.ReadAsync();
        using RawClient raw = await RawClient.ConnectAsync(application.Address.Port, receiveBuffer: 4096, request: Request);
        EngineSocket silent = await sockets.ReadAsync();

        await Eventually.BeTrueAsync(() => silent.QueuedFrames == 0);
        silent.SendBinary(new byte[16 * 1024 * 1024]).ShouldBeTrue(); // One frame over the bounds is for an empty outbox.

        (await reasons.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(10))).Cause.ShouldBe(DisconnectCause.TransportClose);
        await raw.WaitForEndAsync();
        await neighbour.ShouldBeServedAsync();
    }

    private static async Task<RawClient> ConnectAsync(EngineApplication application)
    {
        RawClient raw = await RawClient.ConnectAsync(application.Address.Port, request: Request);
        (await raw.ReadTextAsync()).ShouldStartWith("0{");
        return raw;
    }

    private async Task<(EngineApplication Application, ChannelReader<EngineSocket> Sockets, ChannelReader<DisconnectReason> Reasons)> StartAsync(
        EngineIOOptions options)
    {
        Channel<EngineSocket> sockets = Channel.CreateUnbounded<EngineSocket>();
        Channel<DisconnectReason> reasons = Channel.CreateUnbounded<DisconnectReason>();
        EngineApplication application = await StartEngineAsync(
            socket =>
            {
                socket.OnClose(reason => reasons.Writer.WriteAsync(reason));
                sockets.Writer.TryWrite(socket);
                return EngineApplication.Echo(socket);
            },
            options);
        return (application, sockets.Reader, reasons.Reader);
    }
}
