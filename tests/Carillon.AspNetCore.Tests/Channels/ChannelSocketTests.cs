using System.Text.Json;
using Carillon.AspNetCore.Channels;
using Carillon.Connections.WebSockets;
using Shouldly;
using Xunit;

namespace Carillon.AspNetCore.Tests.Channels;

/// <summary>Each row of the contract, over real sockets; for both ways of holding a WebSocket.</summary>
public abstract class ChannelSocketTests(bool held)
{
    [Fact]
    public async Task Connect_sends_the_object_to_every_client_of_the_channel()
    {
        await using ChannelApplication app = await StartAsync();
        await using ChannelClient first = await app.ConnectAsync();
        (await first.NextAsync()).ShouldBe(new Stage.Seen("lobby", 1, 1));

        await using ChannelClient second = await app.ConnectAsync();

        (await second.NextAsync()).ShouldBe(new Stage.Seen("lobby", 2, 2));
        (await first.NextAsync()).ShouldBe(new Stage.Seen("lobby", 2, 2));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Disconnect_sends_the_object_to_those_who_stay(bool isGraceful)
    {
        await using ChannelApplication app = await StartAsync();
        (ChannelClient stays, ChannelClient goes) = await app.ConnectTwoAsync();

        if (isGraceful)
        {
            await goes.DisposeAsync();
        }
        else
        {
            goes.Abort();
        }

        (await stays.NextAsync()).Count.ShouldBe(1);
        await DisposeAllAsync([stays, goes]);
    }

    [Fact]
    public async Task Disconnect_sends_nothing_where_that_is_switched_off()
    {
        await using ChannelApplication app = await StartAsync(static options => options.SendOnDisconnect = false);
        (ChannelClient stays, ChannelClient goes) = await app.ConnectTwoAsync();
        await goes.DisposeAsync();
        await app.CountShouldBecomeAsync(1);

        await using ChannelClient comes = await app.ConnectAsync();

        (await stays.NextAsync()).ShouldBe(new Stage.Seen("lobby", 2, 3));
        await stays.DisposeAsync();
    }

    [Fact]
    public async Task Channels_do_not_see_each_other()
    {
        await using ChannelApplication app = await StartAsync();
        await using ChannelClient red = await app.ConnectAsync("red");
        (await red.NextAsync()).ShouldBe(new Stage.Seen("red", 1, 1));
        await using ChannelClient blue = await app.ConnectAsync("blue");
        (await blue.NextAsync()).ShouldBe(new Stage.Seen("blue", 1, 2));
        await using ChannelClient another = await app.ConnectAsync("red");
        (await red.NextAsync()).ShouldBe(new Stage.Seen("red", 2, 3));
    }

    [Fact]
    public async Task Burst_of_joins_leads_to_exactly_one_more_generation_which_counts_them_all()
    {
        const int burst = 20;
        var gate = new TaskCompletionSource();
        var counted = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using ChannelApplication app = await StartAsync();
        app.Stage.Generate = async (socket, number, _) =>
        {
            var seen = new Stage.Seen(socket.Channel.Id, await socket.Channel.CountAsync(), number);
            counted.TrySetResult();
            await gate.Task;
            return seen;
        };
        await using ChannelClient first = await app.ConnectAsync();
        await counted.Task.WaitAsync(TimeSpan.FromSeconds(30));
        ChannelClient[] others = await Task.WhenAll(Enumerable.Range(0, burst).Select(_ => app.ConnectAsync()));
        await app.CountShouldBecomeAsync(burst + 1);

        gate.SetResult();

        (await first.NextAsync()).ShouldBe(new Stage.Seen("lobby", 1, 1));
        (await first.NextAsync()).ShouldBe(new Stage.Seen("lobby", burst + 1, 2));
        foreach (ChannelClient other in others)
        {
            // Not the object whose generation began before they joined.
            (await other.NextAsync()).ShouldBe(new Stage.Seen("lobby", burst + 1, 2));
        }

        await first.DisposeAsync();
        (await others[0].NextAsync()).ShouldBe(new Stage.Seen("lobby", burst, 3));
        await DisposeAllAsync(others);
    }

    [Fact]
    public async Task Update_interval_keeps_generations_apart()
    {
        await using ChannelApplication app = await StartAsync(static options => options.UpdateInterval = TimeSpan.FromMinutes(1));
        await using ChannelClient first = await app.ConnectAsync();
        await first.NextAsync();

        for (int i = 0; i < 10; i++)
        {
            await (await app.ConnectAsync()).DisposeAsync();
        }

        await app.CountShouldBecomeAsync(1);
        app.Stage.Generations.ShouldBe(1);
    }

    [Fact]
    public async Task Generation_that_throws_is_logged_and_the_channel_goes_on()
    {
        await using ChannelApplication app = await StartAsync();
        Func<StageSocket, int, CancellationToken, ValueTask<object?>> usual = app.Stage.Generate;
        app.Stage.Generate = (socket, number, cancellation) => number == 2 ? throw new InvalidOperationException("as told") : usual(socket, number, cancellation);
        await using ChannelClient first = await app.ConnectAsync();
        await first.NextAsync();
        await using ChannelClient second = await app.ConnectAsync();
        await Eventually.ShouldAsync(() => app.Log.Entries.Any(static entry => entry.Text.EndsWith("as told", StringComparison.Ordinal)));

        await using ChannelClient third = await app.ConnectAsync();

        foreach (ChannelClient client in new[] { first, second, third })
        {
            (await client.NextAsync()).ShouldBe(new Stage.Seen("lobby", 3, 3));
        }
    }

    [Fact]
    public async Task Generation_that_hangs_is_given_up_and_the_channel_goes_on()
    {
        await using ChannelApplication app = await StartAsync(static options => options.GenerationTimeout = TimeSpan.FromMilliseconds(100));
        Func<StageSocket, int, CancellationToken, ValueTask<object?>> usual = app.Stage.Generate;
        var never = new TaskCompletionSource<object?>();
        app.Stage.Generate = (socket, number, cancellation) => number == 1 ? new ValueTask<object?>(never.Task) : usual(socket, number, cancellation);
        await using ChannelClient first = await app.ConnectAsync();
        await Eventually.ShouldAsync(() => !app.Log.Entries.IsEmpty);

        await using ChannelClient second = await app.ConnectAsync();

        (await first.NextAsync()).Count.ShouldBe(2);
        never.SetResult(null);
    }

    [Fact]
    public async Task Generation_outlives_the_client_whose_socket_it_runs_on()
    {
        var gate = new TaskCompletionSource();
        await using ChannelApplication app = await StartAsync();
        await using ChannelClient stays = await app.ConnectAsync();
        await stays.NextAsync();
        app.Stage.Generate = async (socket, number, _) =>
        {
            await gate.Task;
            return new Stage.Seen(socket.Channel.Id, 0, number);
        };
        ChannelClient goes = await app.ConnectAsync();
        await Eventually.ShouldAsync(() => app.Stage.Generations == 2);
        await goes.DisposeAsync();
        await app.CountShouldBecomeAsync(1);

        gate.SetResult();

        (await stays.NextAsync()).Number.ShouldBe(2);
        (await stays.NextAsync()).Number.ShouldBe(3);
        await Eventually.ShouldAsync(() => app.Stage.Disposed == 1);
    }

    [Fact]
    public async Task Generation_that_outlives_the_channels_last_client_has_none_beside_it()
    {
        var gate = new TaskCompletionSource();
        var received = new TaskCompletionSource();
        await using ChannelApplication app = await StartAsync();
        int running = 0;
        int most = 0;
        app.Stage.OnMessage = (_, _, _) =>
        {
            received.TrySetResult();
            return ValueTask.CompletedTask;
        };
        app.Stage.Generate = async (socket, number, _) =>
        {
            most = Math.Max(most, Interlocked.Increment(ref running));
            await gate.Task;
            Interlocked.Decrement(ref running);
            return new Stage.Seen(socket.Channel.Id, 0, number);
        };
        ChannelClient goes = await app.ConnectAsync();
        await Eventually.ShouldAsync(() => app.Stage.Generations == 1);
        await goes.DisposeAsync();
        await app.CountShouldBecomeAsync(0);

        await using ChannelClient comes = await app.ConnectAsync();
        await comes.SendAsync("here");
        await received.Task.WaitAsync(TimeSpan.FromSeconds(30)); // It is in the channel, and its change is known.
        gate.SetResult();

        (await comes.NextAsync()).Number.ShouldBe(2);
        most.ShouldBe(1);
    }

    [Fact]
    public async Task Socket_sends_receives_and_closes()
    {
        await using ChannelApplication app = await StartAsync();
        app.Stage.OnMessage = static async (socket, message, _) =>
        {
            message.Text.ShouldBe("hello");
            await socket.SendMessageAsync("your name?");
            ChannelMessage? answer = await socket.ReceiveMessageAsync(CancellationToken.None);
            await socket.SendJsonAsync(new { Welcome = answer!.Value.Text, answer.Value.IsBinary });
            await socket.CloseAsync((WebSocketCloseCode)4001, "bye");
            (await socket.SendMessageAsync("too late")).ShouldBeFalse();
            (await socket.ReceiveMessageAsync(CancellationToken.None)).ShouldBeNull();
        };
        await using ChannelClient client = await app.ConnectAsync();
        await client.NextAsync();

        await client.SendAsync("hello");
        (await client.NextTextAsync()).ShouldBe("your name?");
        await client.SendAsync("Ada Ç"u8.ToArray(), System.Net.WebSockets.WebSocketMessageType.Text);

        JsonElement welcome = JsonElement.Parse(await client.NextTextAsync());
        welcome.GetProperty("welcome").GetString().ShouldBe("Ada Ç");
        welcome.GetProperty("isBinary").GetBoolean().ShouldBeFalse();
        (await client.ClosedAsync()).ShouldBe((4001, "bye"));
        await client.DisposeAsync();
        await Eventually.ShouldAsync(() => app.Stage.Disposed == 1);
        app.Log.Entries.ShouldBeEmpty();
    }

    [Fact]
    public async Task Close_refuses_codes_that_may_not_be_sent()
    {
        var refused = new TaskCompletionSource<Exception>();
        await using ChannelApplication app = await StartAsync();
        app.Stage.OnMessage = (socket, _, _) =>
        {
            refused.SetResult(Should.Throw<ArgumentOutOfRangeException>(() => { _ = socket.CloseAsync((WebSocketCloseCode)1006); }));
            return ValueTask.CompletedTask;
        };
        await using ChannelClient client = await app.ConnectAsync();

        await client.SendAsync("close");

        await refused.Task.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task Socket_sees_the_connections_of_its_channel_and_of_others()
    {
        await using ChannelApplication app = await StartAsync();
        app.Stage.Generate = static async (socket, _, _) => new
        {
            Ids = await socket.Channel.ListConnectionsAsync(),
            Own = socket.ConnectionId,
            Count = await socket.Channel.CountAsync(),
            Red = await socket.Other("red").CountAsync(),
            Nobody = await socket.Other("nobody").ListConnectionsAsync(),
        };
        await using ChannelClient red = await app.ConnectAsync("red");
        await red.NextTextAsync();
        await using ChannelClient first = await app.ConnectAsync();
        await first.NextTextAsync();

        await using ChannelClient second = await app.ConnectAsync();

        JsonElement seen = JsonElement.Parse(await second.NextTextAsync());
        string?[] ids = [.. seen.GetProperty("ids").EnumerateArray().Select(static id => id.GetString())];
        ids.Distinct().Count().ShouldBe(2);
        ids.ShouldContain(seen.GetProperty("own").GetString());
        seen.GetProperty("count").GetInt32().ShouldBe(2);
        seen.GetProperty("red").GetInt32().ShouldBe(1);
        seen.GetProperty("nobody").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task Null_is_sent_as_null()
    {
        await using ChannelApplication app = await StartAsync();
        app.Stage.Generate = static (_, _, _) => ValueTask.FromResult<object?>(null);
        await using ChannelClient client = await app.ConnectAsync();

        (await client.NextTextAsync()).ShouldBe("null");
    }

    [Fact]
    public async Task Stop_tells_every_client_to_come_back_and_refuses_others()
    {
        await using ChannelApplication app = await StartAsync();
        await using ChannelClient first = await app.ConnectAsync();
        await using ChannelClient second = await app.ConnectAsync("other");
        await first.NextAsync();
        await second.NextAsync();

        Task stopping = app.StopAsync();

        (await first.ClosedAsync()).Code.ShouldBe(1001);
        (await second.ClosedAsync()).Code.ShouldBe(1001);
        await first.DisposeAsync();
        await second.DisposeAsync();
        await stopping.WaitAsync(TimeSpan.FromSeconds(10));
        app.Stage.Generations.ShouldBe(2);
        await Eventually.ShouldAsync(() => app.Stage.Disposed == 2);
    }

    private protected static async Task DisposeAllAsync(IEnumerable<ChannelClient> clients)
    {
        foreach (ChannelClient client in clients)
        {
            await client.DisposeAsync();
        }
    }

    private protected Task<ChannelApplication> StartAsync(Action<ChannelSocketOptions>? configure = null) => ChannelApplication.StartAsync(held, configure);
}
