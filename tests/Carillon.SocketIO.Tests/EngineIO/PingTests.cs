using Carillon.Connections.Tests;
using Shouldly;
using Xunit;

namespace Carillon.SocketIO.Tests.EngineIO;

public sealed class PingTests
{
    private readonly ManualTime _time = new();

    [Fact]
    public async Task Server_pings_at_the_interval_and_keeps_who_answers()
    {
        await using TestApplication application = await TestApplication.StartAsync(Apps.Echo, time: _time);
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
        await using TestApplication application = await TestApplication.StartAsync(Apps.Echo, time: _time);
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
        await using TestApplication application = await TestApplication.StartAsync(Apps.Echo, time: _time);
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
    public async Task Client_that_joins_no_namespace_is_closed_after_the_connect_timeout()
    {
        await using TestApplication application = await TestApplication.StartAsync(
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
        await using TestApplication application = await TestApplication.StartAsync(Apps.Echo, time: _time);
        using var client = new EngineClient(application.Address);
        await client.OpenPollingAsync();
        using EngineWebSocket socket = await client.OpenWebSocketAsync();
        await socket.SendAsync("2probe");
        await socket.ReadAsync();

        _time.Advance(TimeSpan.FromSeconds(10));

        (await socket.ReadCloseAsync()).ShouldBe((1008, "upgrade timeout"));
        application.Server.ConnectionCount.ShouldBe(1);
    }
}
