using Carillon.Connections.Tests;
using Carillon.SocketIO.EngineIO;
using Shouldly;
using Xunit;

namespace Carillon.SocketIO.Tests.EngineIO;

public class PingTests : HostedTests
{
    private readonly ManualTime _time = new();

    [Fact]
    public async Task Server_pings_at_the_interval_and_keeps_who_answers()
    {
        await using TestApplication application = await StartAsync(Apps.Echo, time: _time);
        using var client = new EngineClient(application.Address);
        using EngineWebSocket socket = await client.JoinAsync();

        for (int i = 0; i < 5; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(25));
            (await socket.ReadAsync()).ShouldBe("2");
            await socket.SendAsync("3");
            await socket.SendAsync("42[\"ack\"]");
            await socket.SendAsync("42[\"message\",0]");
            (await socket.ReadAsync()).ShouldBe("42[\"message-back\",0]"); // The pong before it was read.
        }

        application.Server.ConnectionCount.ShouldBe(1);
    }

    [Fact]
    public async Task WebSocket_client_that_does_not_answer_is_closed_after_the_timeout()
    {
        await using TestApplication application = await StartAsync(Apps.Echo, time: _time);
        using var client = new EngineClient(application.Address);
        using EngineWebSocket socket = await client.JoinAsync();

        _time.Advance(TimeSpan.FromSeconds(25));
        (await socket.ReadAsync()).ShouldBe("2");
        _time.Advance(TimeSpan.FromSeconds(19));
        application.Server.ConnectionCount.ShouldBe(1);
        _time.Advance(TimeSpan.FromSeconds(1));

        (await socket.ReadCloseAsync()).ShouldBe((1008, "ping timeout"));
        await Eventually.BeTrueAsync(() => application.Server.ConnectionCount == 0);
    }

    [Fact]
    public async Task Polling_client_gets_the_ping_and_is_closed_after_the_timeout()
    {
        await using TestApplication application = await StartAsync(Apps.Echo, time: _time);
        using var client = new EngineClient(application.Address);
        await client.OpenPollingAsync();
        await client.PostAsync("40");
        await client.PollAsync();
        Task<string[]> poll = client.PollPacketsAsync();

        _time.Advance(TimeSpan.FromSeconds(25));
        (await poll).ShouldBe(["2"]);
        _time.Advance(TimeSpan.FromSeconds(20));

        await Eventually.BeTrueAsync(() => application.Server.ConnectionCount == 0);
        (await client.PostAsync("3")).Body.ShouldContain("Session ID unknown");
    }

    [Fact]
    public async Task Message_that_comes_instead_of_the_pong_extends_the_timeout_once()
    {
        await using EngineApplication application = await StartEchoAsync(time: _time);
        using EngineWebSocket socket = await application.OpenWebSocketAsync();
        _time.Advance(TimeSpan.FromSeconds(25));
        (await socket.ReadAsync()).ShouldBe("2");

        _time.Advance(TimeSpan.FromSeconds(15));
        await EchoAsync();
        _time.Advance(TimeSpan.FromSeconds(15));
        await EchoAsync();
        application.Server.ConnectionCount.ShouldBe(1);
        _time.Advance(TimeSpan.FromSeconds(5));

        (await socket.ReadCloseAsync()).ShouldBe((1008, "ping timeout"));

        async Task EchoAsync()
        {
            await socket.SendAsync("4busy");
            (await socket.ReadAsync()).ShouldBe("4busy");
        }
    }

    [Fact]
    public async Task Poll_after_the_deadline_is_refused_although_the_tick_is_late()
    {
        var time = new LateTime(_time);
        await using EngineApplication application = await StartEchoAsync(time: time);
        using EngineClient client = await application.OpenPollingAsync();
        _time.Advance(TimeSpan.FromSeconds(25));
        (await client.PollPacketsAsync()).ShouldBe(["2"]);

        time.Late = TimeSpan.FromSeconds(21);

        (await client.PollAsync()).Body.ShouldContain("Session ID unknown");
        application.Server.ConnectionCount.ShouldBe(0);
    }

    [Theory]
    [InlineData(300, 200)]
    [InlineData(80, 60)]
    public async Task Short_deadlines_are_kept_to_a_few_milliseconds(int interval, int timeout)
    {
        var options = new EngineIOOptions { PingInterval = TimeSpan.FromMilliseconds(interval), PingTimeout = TimeSpan.FromMilliseconds(timeout) };
        await using EngineApplication application = await StartEchoAsync(options);
        using EngineWebSocket socket = await application.OpenWebSocketAsync();
        long opened = TimeProvider.System.GetTimestamp();

        (await socket.ReadAsync()).ShouldBe("2");
        TimeSpan pinged = TimeProvider.System.GetElapsedTime(opened);
        (await socket.ReadCloseAsync()).ShouldBe((1008, "ping timeout"));
        TimeSpan closed = TimeProvider.System.GetElapsedTime(opened) - pinged;

        // The upper bounds leave room for a machine that is busy with other tests.
        pinged.TotalMilliseconds.ShouldBeInRange(interval * 0.7, interval + 400);
        closed.TotalMilliseconds.ShouldBeInRange(timeout * 0.5, timeout + 400);
    }

    [Fact]
    public async Task Client_that_joins_no_namespace_is_closed_after_the_connect_timeout()
    {
        await using TestApplication application = await StartAsync(
            Apps.Echo, new SocketIOOptions { ConnectTimeout = TimeSpan.FromSeconds(5) }, _time);
        using var client = new EngineClient(application.Address);
        using EngineWebSocket socket = await client.OpenWebSocketAsync();
        await socket.ReadAsync();
        using var joined = new EngineClient(application.Address);
        using EngineWebSocket other = await joined.JoinAsync();

        _time.Advance(TimeSpan.FromSeconds(5));

        (await socket.ReadCloseAsync()).ShouldBe((1008, "connect timeout"));
        application.Server.ConnectionCount.ShouldBe(1);
    }

    [Fact]
    public async Task Upgrade_that_is_not_completed_is_dropped_after_the_upgrade_timeout()
    {
        await using TestApplication application = await StartAsync(Apps.Echo, time: _time);
        using var client = new EngineClient(application.Address);
        await client.OpenPollingAsync();
        using EngineWebSocket socket = await client.OpenWebSocketAsync();
        await socket.SendAsync("2probe");
        await socket.ReadAsync();

        _time.Advance(TimeSpan.FromSeconds(10));

        (await socket.ReadCloseAsync()).ShouldBe((1008, "upgrade timeout"));
        application.Server.ConnectionCount.ShouldBe(1);
    }

    /// <summary>A clock whose timers fire too late.</summary>
    private sealed class LateTime(ManualTime timers) : TimeProvider
    {
        public TimeSpan Late { get; set; }

        public override long TimestampFrequency => timers.TimestampFrequency;

        public override long GetTimestamp() => timers.GetTimestamp() + Late.Ticks;

        public override DateTimeOffset GetUtcNow() => timers.GetUtcNow() + Late;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            timers.CreateTimer(callback, state, dueTime, period);
    }
}
