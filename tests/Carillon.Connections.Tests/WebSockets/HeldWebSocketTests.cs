using System.Buffers.Binary;
using Carillon.Connections.WebSockets;
using Shouldly;
using Xunit;

namespace Carillon.Connections.Tests.WebSockets;

public sealed class HeldWebSocketTests() : UpgradedWebSocketTests(held: true)
{
    [Fact]
    public async Task Clients_that_never_read_block_no_thread()
    {
        const int stuck = 64;
        await using WebSocketHost host = await WebSocketHost.StartAsync(new WebSocketConnectionOptions { WriteTimeout = TimeSpan.FromMinutes(5) });
        var clients = new List<RawClient>();
        Frame large = Frame.FromBinary(new byte[500_000]);
        for (int i = 0; i < stuck; i++)
        {
            clients.Add(await RawClient.ConnectAsync(host.Port, receiveBuffer: 4096));
            WebSocketHost.Accepted accepted = await host.NextAsync();
            for (int frames = 0; frames < 40; frames++)
            {
                accepted.Outbox.TryEnqueue(large);
            }
        }

        using RawClient neighbour = await RawClient.ConnectAsync(host.Port);
        for (int i = 0; i < 100; i++)
        {
            await neighbour.SendAsync(ClientFrames.Text("still served"));
            (await neighbour.ReadTextAsync()).ShouldBe("still served");
        }

        ThreadPool.ThreadCount.ShouldBeLessThan(stuck);
        clients.ForEach(static client => client.Dispose());
    }

    [Fact]
    public async Task Large_frames_arrive_whole_and_in_order_from_several_producers()
    {
        const int producers = 4;
        const int each = 12;
        await using WebSocketHost host = await WebSocketHost.StartAsync();
        using RawClient client = await RawClient.ConnectAsync(host.Port, receiveBuffer: 32 * 1024);
        WebSocketHost.Accepted accepted = await host.NextAsync();

        Task producing = Task.WhenAll(Enumerable.Range(0, producers).Select(producer => Task.Run(() =>
        {
            for (int i = 0; i < each; i++)
            {
                accepted.Outbox.TryEnqueue(Numbered(producer, i, 1_000_000)).ShouldBeTrue();
                accepted.Outbox.TryEnqueue(Numbered(producer, i, 100)).ShouldBeTrue();
            }
        })));

        var next = new int[producers];
        for (int i = 0; i < 2 * producers * each; i++)
        {
            (int first, byte[] payload) = await client.ReadFrameAsync();
            first.ShouldBe(0x82);
            int producer = payload[0];
            BinaryPrimitives.ReadInt32BigEndian(payload.AsSpan(1)).ShouldBe(next[producer] / 2);
            payload.Length.ShouldBe(next[producer]++ % 2 == 0 ? 1_000_000 : 100);
            payload.AsSpan(5).ContainsAnyExcept((byte)producer).ShouldBeFalse();
        }

        await producing;
    }

    [Fact]
    public async Task Reset_in_the_middle_of_a_write_ends_the_connection()
    {
        await using WebSocketHost host = await WebSocketHost.StartAsync();
        WebSocketHost.Accepted accepted;
        using (RawClient client = await RawClient.ConnectAsync(host.Port, receiveBuffer: 4096))
        {
            accepted = await host.NextAsync();
            for (int i = 0; i < 20; i++)
            {
                accepted.Outbox.TryEnqueue(Numbered(1, i, 1_000_000));
            }

            await client.ReadFrameAsync(); // What is left unread makes the close of the socket a reset.
        }

        (await accepted.EndAsync()).ShouldBe(WebSocketEnd.Lost);
    }

    private static Frame Numbered(int producer, int number, int length)
    {
        var payload = new byte[length];
        payload.AsSpan().Fill((byte)producer);
        BinaryPrimitives.WriteInt32BigEndian(payload.AsSpan(1), number);
        return Frame.FromBinary(payload);
    }
}
