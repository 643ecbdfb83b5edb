using System.Buffers.Binary;
using System.Text;
using Carillon.Connections.WebSockets;
using Shouldly;
using Xunit;

namespace Carillon.Connections.Tests.WebSockets;

/// <summary>What holds for every WebSocket, whatever carries it.</summary>
public abstract class WebSocketConnectionTests : IAsyncLifetime
{
    private WebSocketHost _host = null!;

    private protected WebSocketHost Host => _host;

    public async ValueTask InitializeAsync() => _host = await StartAsync(new WebSocketConnectionOptions());

    public virtual async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private protected abstract Task<WebSocketHost> StartAsync(WebSocketConnectionOptions options);

    /// <summary>An accepted WebSocket; <paramref name="receiveBuffer"/> is how many bytes at most it takes that the test does not read.</summary>
    private protected abstract Task<RawClient> ConnectAsync(WebSocketHost host, int? receiveBuffer = null);

    [Fact]
    public async Task Messages_are_exchanged_in_order_whatever_their_size()
    {
        using RawClient client = await ConnectAsync(_host);
        int[] sizes = [0, 1, 125, 126, 4_000, 65_535, 65_536, 300_000, 3];

        Task sending = Task.Run(async () =>
        {
            foreach (int size in sizes)
            {
                await client.SendAsync(ClientFrames.Text(new string('x', size)));
            }
        });

        foreach (int size in sizes)
        {
            (await client.ReadTextAsync()).Length.ShouldBe(size);
        }

        await sending;
    }

    [Fact]
    public async Task Ping_is_answered_with_its_payload()
    {
        using RawClient client = await ConnectAsync(_host);

        await client.SendAsync(ClientFrames.Make(0x89, "beat"u8.ToArray()));

        (int first, byte[] payload) = await client.ReadFrameAsync();
        first.ShouldBe(0x8A);
        payload.ShouldBe("beat"u8.ToArray());
    }

    [Fact]
    public async Task Flood_of_pings_is_answered_without_losing_the_last_nor_other_frames()
    {
        using RawClient client = await ConnectAsync(_host);
        byte[] flood = Enumerable.Range(0, 20_000).SelectMany(static i => ClientFrames.Make(0x89, BitConverter.GetBytes(i))).ToArray();

        Task sending = client.SendAsync([.. flood, .. ClientFrames.Text("after")]);

        int last = -1;
        int pongs = 0;
        bool after = false;
        while (last != 19_999 || !after)
        {
            (int first, byte[] payload) = await client.ReadFrameAsync();
            if (first == 0x8A)
            {
                int number = BitConverter.ToInt32(payload);
                number.ShouldBeGreaterThan(last);
                last = number;
                pongs++;
            }
            else
            {
                Encoding.UTF8.GetString(payload).ShouldBe("after");
                after = true;
            }
        }

        await sending;
        pongs.ShouldBeLessThanOrEqualTo(20_000);
    }

    [Fact]
    public async Task Close_of_the_client_is_answered_with_its_code()
    {
        using RawClient client = await ConnectAsync(_host);

        await client.SendAsync(ClientFrames.Close(1001, "leaving"));

        (await client.ReadCloseAsync()).Code.ShouldBe(1001);
        await client.WaitForEndAsync();
        (await (await _host.NextAsync()).EndAsync()).ShouldBe(WebSocketEnd.ClosedByPeer);
    }

    [Fact]
    public async Task Close_of_the_server_follows_the_frames_that_wait()
    {
        using RawClient client = await ConnectAsync(_host);
        WebSocketHost.Accepted accepted = await _host.NextAsync();
        for (int i = 0; i < 500; i++)
        {
            accepted.Outbox.TryEnqueue(Frame.FromText(Encoding.UTF8.GetBytes($"message {i}")));
        }

        accepted.Connection.Close(WebSocketCloseCode.GoingAway, "server is shutting down");

        for (int i = 0; i < 500; i++)
        {
            (await client.ReadTextAsync()).ShouldBe($"message {i}");
        }

        (await client.ReadCloseAsync()).ShouldBe((1001, "server is shutting down"));
        await client.SendAsync(ClientFrames.Close(1001));
        await client.WaitForEndAsync();
        (await accepted.EndAsync()).ShouldBe(WebSocketEnd.ClosedHere);
    }

    [Theory]
    [InlineData(new byte[] { 0x81, 0x01, 0x41 }, 1002)]
    [InlineData(new byte[] { 0xF1, 0x80, 0, 0, 0, 0 }, 1002)]
    [InlineData(new byte[] { 0x81, 0x81, 0, 0, 0, 0, 0xFF }, 1007)]
    [InlineData(new byte[] { 0x82, 0xFF, 0, 0, 0, 0, 0x7F, 0, 0, 0, 0, 0, 0, 0 }, 1009)]
    [InlineData(new byte[] { 0x88, 0x81, 0, 0, 0, 0, 3 }, 1002)]
    public async Task Broken_rule_is_told_with_its_code_and_ends_the_connection(byte[] bytes, int code)
    {
        using RawClient client = await ConnectAsync(_host);

        await client.SendAsync(bytes);

        (await client.ReadCloseAsync()).Code.ShouldBe(code);
        client.ShutdownSend();
        await client.WaitForEndAsync();
        (await (await _host.NextAsync()).EndAsync()).ShouldBe(WebSocketEnd.Violation);
    }

    [Fact]
    public async Task Lost_connection_ends_the_run()
    {
        WebSocketHost.Accepted accepted;
        using (await ConnectAsync(_host))
        {
            accepted = await _host.NextAsync();
        }

        (await accepted.EndAsync()).ShouldBe(WebSocketEnd.Lost);
    }

    [Fact]
    public async Task Client_that_reads_slowly_gets_every_byte_in_order()
    {
        const int count = 20_000;
        using RawClient client = await ConnectAsync(_host, receiveBuffer: 4096);
        WebSocketHost.Accepted accepted = await _host.NextAsync();

        Task producing = Task.Run(async () =>
        {
            for (int i = 0; i < count; i++)
            {
                byte[] payload = new byte[4 + (i % 1000)];
                BinaryPrimitives.WriteInt32BigEndian(payload, i);
                accepted.Outbox.TryEnqueue(Frame.FromBinary(payload)).ShouldBeTrue();
                if (i % 100 == 0)
                {
                    await Task.Yield();
                    await client.SendAsync(ClientFrames.Make(0x89, []));
                }
            }
        });

        int next = 0;
        while (next < count)
        {
            (int first, byte[] payload) = await client.ReadFrameAsync();
            if (first == 0x82)
            {
                payload.Length.ShouldBe(4 + (next % 1000));
                BinaryPrimitives.ReadInt32BigEndian(payload).ShouldBe(next++);
            }
            else
            {
                first.ShouldBe(0x8A);
            }
        }

        await producing;
    }

    [Fact]
    public async Task Client_that_stops_reading_is_aborted_after_the_write_timeout()
    {
        await using WebSocketHost host = await StartAsync(new WebSocketConnectionOptions { WriteTimeout = TimeSpan.FromMilliseconds(200) });
        using RawClient client = await ConnectAsync(host, receiveBuffer: 4096);
        WebSocketHost.Accepted accepted = await host.NextAsync();
        Frame large = Frame.FromBinary(new byte[60_000]);
        for (int i = 0; i < 500; i++)
        {
            accepted.Outbox.TryEnqueue(large);
        }

        (await accepted.EndAsync()).ShouldBe(WebSocketEnd.ClosedHere);
    }

    [Fact]
    public async Task Close_that_the_client_does_not_answer_ends_after_the_close_timeout()
    {
        await using WebSocketHost host = await StartAsync(new WebSocketConnectionOptions { CloseTimeout = TimeSpan.FromMilliseconds(200) });
        using RawClient client = await ConnectAsync(host);
        WebSocketHost.Accepted accepted = await host.NextAsync();

        accepted.Connection.Close(WebSocketCloseCode.Normal, "done");

        (await client.ReadCloseAsync()).ShouldBe((1000, "done"));
        (await accepted.EndAsync()).ShouldBe(WebSocketEnd.ClosedHere);
    }
}
