using System.Collections.Concurrent;
using System.Net.WebSockets;
using Shouldly;
using Xunit;

namespace Carillon.SocketIO.Tests;

public sealed class ChurnTests
{
    [Fact]
    public async Task Clients_that_come_and_go_in_every_way_leave_nothing_behind()
    {
        int joined = 0;
        int left = 0;
        var early = new ConcurrentQueue<string>();
        await using TestApplication application = await TestApplication.StartAsync(server => server.Of("/").OnConnection(async socket =>
        {
            bool ready = false;
            socket.OnDisconnect(async _ =>
            {
                await Task.Yield();
                if (!ready)
                {
                    early.Enqueue(socket.Id);
                }

                Interlocked.Increment(ref left);
            });
            Interlocked.Increment(ref joined);
            await Task.Yield();
            socket.On("message", received =>
            {
                received.Socket.TrySend(SocketIOFrame.Event("/", "message-back", "1"u8));
                return ValueTask.CompletedTask;
            });
            ready = true;
        }));
        var random = new Random(4711);
        int[] fates = Enumerable.Range(0, 300).Select(_ => random.Next(8)).ToArray();

        await Parallel.ForEachAsync(fates, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (fate, _) => await LiveAsync(application, fate));

        await Eventually.BeTrueAsync(
            () => application.Server.ConnectionCount == 0 && Volatile.Read(ref left) == Volatile.Read(ref joined),
            () => $"{application.Server.ConnectionCount} sessions are open, {left} of {joined} sockets have left; log: {string.Join('\n', application.Log.Entries.TakeLast(20))}");
        application.Server.Of("/").SocketCount.ShouldBe(0);
        joined.ShouldBe(fates.Length);
        early.ShouldBeEmpty();
        application.Log.Entries.ShouldNotContain(static entry => entry.Level >= Microsoft.Extensions.Logging.LogLevel.Error);
    }

    private static async Task LiveAsync(TestApplication application, int fate)
    {
        using var client = new EngineClient(application.Address);
        if (fate < 3)
        {
            using EngineWebSocket direct = await client.JoinAsync();
            await direct.SendAsync("42[\"message\"]");
            await EndAsync(direct, fate);
            return;
        }

        await client.OpenPollingAsync();
        await client.PostAsync("40");
        (await client.PollPacketsAsync())[0].ShouldStartWith("40{");
        if (fate == 3)
        {
            await client.PostAsync("42[\"message\"]", "1");
            return;
        }

        if (fate == 4)
        {
            await client.PostAsync("malformed");
            return;
        }

        using EngineWebSocket upgraded = await client.OpenWebSocketAsync();
        await upgraded.SendAsync("2probe");
        await upgraded.ReadAsync();
        await upgraded.SendAsync("5");
        await upgraded.SendAsync("42[\"message\"]");
        (await upgraded.ReadAsync()).ShouldBe("42[\"message-back\",1]");
        await EndAsync(upgraded, fate - 5);
    }

    private static async Task EndAsync(EngineWebSocket socket, int fate)
    {
        switch (fate)
        {
            case 0:
                socket.Socket.Abort();
                break;
            case 1:
                await socket.SendAsync("41");
                await socket.SendAsync("1");
                await socket.ReadCloseAsync();
                break;
            default:
                await socket.Socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, default);
                await socket.ReadCloseAsync();
                break;
        }
    }
}
