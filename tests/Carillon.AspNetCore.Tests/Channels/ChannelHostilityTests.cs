using System.Net;
using System.Net.WebSockets;
using Carillon.AspNetCore.Channels;
using Carillon.Connections;
using Shouldly;
using Xunit;

namespace Carillon.AspNetCore.Tests.Channels;

/// <summary>Clients that break rules, read nothing or are dead: their neighbours notice nothing but that they go. For both ways of holding a WebSocket.</summary>
public abstract class ChannelHostilityTests(bool held)
{
    [Fact]
    public async Task Message_over_the_limit_closes_its_connection_only()
    {
        await using ChannelApplication app = await StartAsync(static options => options.MaxMessageSize = 1000);
        (ChannelClient neighbour, ChannelClient hostile) = await app.ConnectTwoAsync();

        await hostile.SendAsync(new byte[1001], WebSocketMessageType.Text);

        (await hostile.ClosedAsync()).Code.ShouldBe(1009);
        await hostile.DisposeAsync();
        (await neighbour.NextAsync()).Count.ShouldBe(1);
        await neighbour.DisposeAsync();
    }

    [Fact]
    public async Task Text_that_is_not_utf8_closes_its_connection_only()
    {
        await using ChannelApplication app = await StartAsync();
        (ChannelClient neighbour, ChannelClient hostile) = await app.ConnectTwoAsync();

        await hostile.SendAsync([0xC3, 0x28], WebSocketMessageType.Text);

        (await hostile.ClosedAsync()).Code.ShouldBe(1007);
        await hostile.DisposeAsync();
        (await neighbour.NextAsync()).Count.ShouldBe(1);
        await neighbour.DisposeAsync();
    }

    [Fact]
    public async Task Binary_messages_reach_the_handler_as_what_they_are()
    {
        var received = new TaskCompletionSource<ChannelMessage>();
        await using ChannelApplication app = await StartAsync();
        app.Stage.OnMessage = (_, message, _) =>
        {
            received.SetResult(message);
            return ValueTask.CompletedTask;
        };
        await using ChannelClient client = await app.ConnectAsync();

        await client.SendAsync([0xFF, 0, 1], WebSocketMessageType.Binary);

        ChannelMessage message = await received.Task.WaitAsync(TimeSpan.FromSeconds(30));
        message.IsBinary.ShouldBeTrue();
        message.Bytes.ToArray().ShouldBe([0xFF, 0, 1]);
    }

    [Fact]
    public async Task Handler_that_throws_closes_its_connection_only()
    {
        await using ChannelApplication app = await StartAsync();
        app.Stage.OnMessage = static (_, _, _) => throw new InvalidOperationException("as told");
        (ChannelClient neighbour, ChannelClient client) = await app.ConnectTwoAsync();

        await client.SendAsync("go");

        (await client.ClosedAsync()).Code.ShouldBe(1011);
        await client.DisposeAsync();
        (await neighbour.NextAsync()).Count.ShouldBe(1);
        app.Log.Entries.ShouldHaveSingleItem().Text.ShouldEndWith("as told");
        await neighbour.DisposeAsync();
    }

    [Fact]
    public async Task Client_that_never_reads_is_cut_off_and_its_neighbour_misses_nothing()
    {
        await using ChannelApplication app = await StartAsync(static options => options.Outbox = new OutboxOptions { MaxFrames = 8, BurstTime = TimeSpan.Zero });
        string padding = new('x', 200_000);
        app.Stage.OnMessage = async (socket, _, _) =>
        {
            // Into a connection that nobody reads: until the system's buffers and the outbox are full.
            while (await socket.SendMessageAsync(padding))
            {
            }
        };
        (ChannelClient neighbour, ChannelClient stuck) = await app.ConnectTwoAsync();

        await stuck.SendAsync("flood me");

        (await neighbour.NextAsync()).Count.ShouldBe(1);
        app.Log.Entries.ShouldHaveSingleItem().Text.ShouldContain("reads too slowly");
        await app.CountShouldBecomeAsync(1);
        await stuck.DisposeAsync();
        await neighbour.DisposeAsync();
    }

    [Fact]
    public async Task Client_that_answers_no_ping_is_noticed_and_one_that_does_stays()
    {
        await using ChannelApplication app = await StartAsync(static options =>
        {
            options.PingInterval = TimeSpan.FromMilliseconds(200);
            options.PingTimeout = TimeSpan.FromSeconds(1);
        });
        (ChannelClient alive, ChannelClient dead) = await app.ConnectTwoAsync(); // Who does not read answers no ping.

        (await alive.NextAsync()).Count.ShouldBe(1);

        app.Log.Entries.ShouldHaveSingleItem().Text.ShouldContain("did not answer a ping");
        long until = TimeProvider.System.GetTimestamp();
        Task<Stage.Seen> next = alive.NextAsync(); // Reading answers pings.
        await Eventually.ShouldAsync(() => TimeProvider.System.GetElapsedTime(until) > TimeSpan.FromSeconds(2));
        next.IsCompleted.ShouldBeFalse();
        await using ChannelClient comes = await app.ConnectAsync();
        (await next).Count.ShouldBe(2);
        await alive.DisposeAsync();
        await dead.DisposeAsync();
    }

    [Fact]
    public async Task Client_whose_messages_are_never_handled_is_read_no_further_and_ends()
    {
        var never = new TaskCompletionSource();
        await using ChannelApplication app = await StartAsync(static options =>
        {
            options.MaxWaitingMessages = 2;
            options.PingInterval = TimeSpan.FromMilliseconds(200);
            options.PingTimeout = TimeSpan.FromMilliseconds(500);
        });
        int handled = 0;
        app.Stage.OnMessage = async (_, _, _) =>
        {
            Interlocked.Increment(ref handled);
            await never.Task;
        };
        await using ChannelClient client = await app.ConnectAsync();
        Task<(int Code, string? Reason)> closed = client.ClosedAsync();

        for (int i = 0; i < 10; i++)
        {
            await client.SendAsync("more");
        }

        (await closed).Code.ShouldBe(1011);
        await client.DisposeAsync();
        await app.CountShouldBecomeAsync(0);
        handled.ShouldBe(1);
        never.SetResult();
        await Eventually.ShouldAsync(() => app.Stage.Disposed == 1);
    }

    [Fact]
    public async Task Connects_beyond_the_limits_are_refused_until_there_is_room()
    {
        await using ChannelApplication app = await StartAsync(static options =>
        {
            options.MaxConnections = 3;
            options.MaxConnectionsPerChannel = 2;
        });
        (ChannelClient first, ChannelClient second) = await app.ConnectTwoAsync();
        (await app.RefusalAsync("/ws/online/lobby")).ShouldBe(HttpStatusCode.ServiceUnavailable);
        await using ChannelClient elsewhere = await app.ConnectAsync("elsewhere");
        (await app.RefusalAsync("/ws/online/third")).ShouldBe(HttpStatusCode.ServiceUnavailable);

        await second.DisposeAsync();
        (await first.NextAsync()).Count.ShouldBe(1);

        await using ChannelClient again = await app.ConnectAsync();
        (await again.NextAsync()).Count.ShouldBe(2);
        await first.DisposeAsync();
    }

    [Fact]
    public async Task Thousand_connects_and_disconnects_leave_nothing_behind()
    {
        const int connects = 1000;
        const int channels = 7;
        await using ChannelApplication app = await StartAsync();
        await Parallel.ForAsync(0, connects, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (number, _) =>
        {
            await using ChannelClient client = await app.ConnectAsync("channel" + (number % channels));
            if (number % 3 == 0)
            {
                client.Abort();
            }
            else if (number % 3 == 1)
            {
                await client.NextAsync();
            }
        });

        for (int i = 0; i < channels; i++)
        {
            await app.CountShouldBecomeAsync(0, "channel" + i);
        }

        ((Carillon.Channels.InMemory.InMemoryChannelMembership)app.Membership).ChannelCount.ShouldBe(0);
        await Eventually.ShouldAsync(() => app.Stage.Disposed == connects);
        app.Stage.Sockets.Count.ShouldBe(connects);
        await Eventually.ShouldAsync(() =>
        {
            GC.Collect();
            return app.Stage.Sockets.Count(static socket => socket.IsAlive) <= 2; // Stack slots of a thread may still hold the last ones.
        });
        app.Log.Entries.ShouldBeEmpty();
        await using ChannelClient fresh = await app.ConnectAsync("channel1");
        (await fresh.NextAsync()).Count.ShouldBe(1);
    }

    private Task<ChannelApplication> StartAsync(Action<ChannelSocketOptions>? configure = null) => ChannelApplication.StartAsync(held, configure);
}
