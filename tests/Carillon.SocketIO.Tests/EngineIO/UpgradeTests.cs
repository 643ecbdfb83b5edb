using System.Globalization;
using System.Net;
using System.Net.WebSockets;
using Carillon.Connections.Tests;
using Shouldly;
using Xunit;

namespace Carillon.SocketIO.Tests.EngineIO;

public class UpgradeTests : HostedTests, IAsyncLifetime
{
    private TestApplication _application = null!;
    private EngineClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        _application = await StartAsync(Apps.Echo);
        _client = new EngineClient(_application.Address);
        await _client.OpenPollingAsync();
        await _client.PostAsync("40");
        await _client.PollAsync();
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        _client.Dispose();
        await _application.DisposeAsync();
    }

    [Fact]
    public async Task Probe_is_answered_and_releases_the_pending_poll()
    {
        Task<string[]> poll = _client.PollPacketsAsync();
        using EngineWebSocket socket = await _client.OpenWebSocketAsync();

        await socket.SendAsync("2probe");

        (await socket.ReadAsync()).ShouldBe("3probe");
        (await poll).ShouldBe(["6"]);
        (await _client.PollPacketsAsync()).ShouldBe(["6"]);
    }

    [Fact]
    public async Task Poll_that_meets_the_upgrade_is_refused_as_one_that_comes_after_it()
    {
        await using EngineApplication application = await StartEchoAsync(time: new ManualTime()); // The poll is not released by time.
        using EngineClient client = await application.OpenPollingAsync();
        using EngineWebSocket socket = await client.OpenWebSocketAsync();
        await socket.SendAsync("2probe");
        (await socket.ReadAsync()).ShouldBe("3probe");
        Task<(HttpStatusCode, string)> poll = client.PollAsync();

        await socket.SendAsync("5");

        (await poll).ShouldBe((HttpStatusCode.BadRequest, """{"code":3,"message":"Bad request"}"""));
        await socket.SendAsync("4hello");
        (await socket.ReadAsync()).ShouldBe("4hello");
    }

    [Fact]
    public async Task Frames_queued_during_the_upgrade_lose_nothing_and_keep_their_order()
    {
        Socket server = _application.Server.Of("/").Sockets.Single();
        server.Transport.ShouldBe("polling");
        using EngineWebSocket socket = await _client.OpenWebSocketAsync();
        Send(0);
        await socket.SendAsync("2probe");
        Send(1);
        (await socket.ReadAsync()).ShouldBe("3probe");
        Send(2);
        (await _client.PollPacketsAsync()).ShouldBe(["42[\"n\",0]", "42[\"n\",1]", "42[\"n\",2]"]);
        for (int i = 3; i < 200; i++)
        {
            Send(i);
        }

        await socket.SendAsync("5");

        for (int i = 3; i < 200; i++)
        {
            (await socket.ReadAsync()).ShouldBe($"42[\"n\",{i}]");
        }

        server.Transport.ShouldBe("websocket");
        void Send(int number) => server.TrySend(SocketIOFrame.Event("/", "n", System.Text.Encoding.UTF8.GetBytes(number.ToString(CultureInfo.InvariantCulture)))).ShouldBeTrue();
    }

    [Fact]
    public async Task Upgrade_without_waiting_for_the_answer_works_as_well()
    {
        using EngineWebSocket socket = await _client.OpenWebSocketAsync();

        await socket.SendAsync("2probe");
        await socket.SendAsync("5");
        await socket.SendAsync("42[\"message\",1]");

        (await socket.ReadAsync()).ShouldBe("3probe");
        (await socket.ReadAsync()).ShouldBe("42[\"message-back\",1]");
    }

    [Fact]
    public async Task After_the_upgrade_polling_is_refused_and_other_websockets_are_closed()
    {
        using EngineWebSocket socket = await UpgradeAsync();

        (await _client.PollAsync()).ShouldBe((HttpStatusCode.BadRequest, """{"code":3,"message":"Bad request"}"""));
        (await _client.PostAsync("40")).ShouldBe((HttpStatusCode.BadRequest, """{"code":3,"message":"Bad request"}"""));
        using EngineWebSocket other = await _client.OpenWebSocketAsync();
        (await other.ReadCloseAsync()).ShouldNotBeNull().Code.ShouldBe(1008);

        await socket.SendAsync("42[\"message\",2]");
        (await socket.ReadAsync()).ShouldBe("42[\"message-back\",2]");
    }

    [Theory]
    [InlineData(true, HttpStatusCode.BadRequest, """{"code":3,"message":"Bad request"}""")]
    [InlineData(false, HttpStatusCode.OK, "6")]
    public async Task Poll_that_may_have_overtaken_the_probe_is_refused_and_one_that_waited_is_let_go(bool isYoung, HttpStatusCode status, string body)
    {
        var time = new ManualTime();
        await using TestApplication application = await StartAsync(Apps.Echo, time: time);
        using var client = new EngineClient(application.Address);
        await client.OpenPollingAsync();
        await client.PostAsync("40");
        await client.PollAsync();
        using EngineWebSocket socket = await client.OpenWebSocketAsync();
        Task<(HttpStatusCode, string)> poll = client.PollAsync();
        await Eventually.BeTrueAsync(() => application.Server.Of("/").Sockets.Single().Client.Session.CanSendNow);
        time.Advance(isYoung ? TimeSpan.Zero : TimeSpan.FromSeconds(1));

        await socket.SendAsync("2probe");
        await socket.SendAsync("5");

        (await poll).ShouldBe((status, body));
        (await socket.ReadAsync()).ShouldBe("3probe");
        await socket.SendAsync("42[\"message\",2]");
        (await socket.ReadAsync()).ShouldBe("42[\"message-back\",2]");
    }

    [Fact]
    public async Task Client_whose_probe_breaks_goes_on_polling_and_may_try_again()
    {
        using (EngineWebSocket broken = await _client.OpenWebSocketAsync())
        {
            await broken.SendAsync("2probe");
            await broken.ReadAsync();
            broken.Socket.Abort();
        }

        await _client.PostAsync("42[\"message\",3]");
        string[] packets = ["6"];
        while (packets is ["6"])
        {
            packets = await _client.PollPacketsAsync();
        }

        packets.ShouldBe(["42[\"message-back\",3]"]);
        while (!await ProbesAsync())
        {
            // The server has not noticed yet that the first one broke.
        }
    }

    [Fact]
    public async Task Second_probe_at_the_same_time_is_closed()
    {
        using EngineWebSocket first = await _client.OpenWebSocketAsync();

        (await ProbesAsync()).ShouldBeFalse();

        await first.SendAsync("2probe");
        (await first.ReadAsync()).ShouldBe("3probe");
    }

    [Fact]
    public async Task WebSocket_that_says_something_else_than_a_probe_is_closed_and_the_session_stays()
    {
        using EngineWebSocket socket = await _client.OpenWebSocketAsync();

        await socket.SendAsync("5");

        (await socket.ReadCloseAsync()).ShouldNotBeNull().Code.ShouldBe(1008);
        await _client.PostAsync("42[\"message\",4]");
        (await _client.PollPacketsAsync()).ShouldBe(["42[\"message-back\",4]"]);
    }

    [Fact]
    public async Task Session_ends_when_its_websocket_does()
    {
        using (EngineWebSocket socket = await UpgradeAsync())
        {
            socket.Socket.Abort();
        }

        await Eventually.BeTrueAsync(() => _application.Server.ConnectionCount == 0);
        _application.Server.Of("/").SocketCount.ShouldBe(0);
    }

    private async Task<EngineWebSocket> UpgradeAsync()
    {
        EngineWebSocket socket = await _client.OpenWebSocketAsync();
        await socket.SendAsync("2probe");
        await socket.ReadAsync();
        await socket.SendAsync("5");
        await Eventually.BeTrueAsync(() => _application.Server.Of("/").Sockets.Single().Transport == "websocket");
        return socket;
    }

    // Whether another WebSocket of the session gets as far as the answer to its probe.
    private async Task<bool> ProbesAsync()
    {
        using EngineWebSocket socket = await _client.OpenWebSocketAsync();
        try
        {
            await socket.SendAsync("2probe");
            return await socket.ReadAsync() == "3probe";
        }
        catch (Exception error) when (error is WebSocketException or InvalidOperationException)
        {
            return false; // It was closed.
        }
    }
}
