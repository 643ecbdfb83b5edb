using System.Net;
using System.Net.WebSockets;
using System.Text;
using System.Threading.Channels;
using Carillon.Connections.Tests;
using Carillon.Connections.Tests.WebSockets;
using Carillon.SocketIO.EngineIO;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Shouldly;
using Xunit;

namespace Carillon.SocketIO.Tests.EngineIO;

/// <summary>Engine.IO over HTTP/2 alone: WebSockets are streams opened by an extended CONNECT, RFC 8441.</summary>
public sealed class Http2Tests
{
    private const string Path = "/engine.io/?EIO=4&transport=websocket";

    [Fact]
    public async Task Session_of_a_websocket_is_like_any_other()
    {
        var connected = Channel.CreateUnbounded<EngineSocket>();
        await using EngineApplication application = await EngineApplication.StartAsync(
            socket =>
            {
                connected.Writer.TryWrite(socket);
                return EngineApplication.Echo(socket);
            },
            protocols: HttpProtocols.Http2);
        using EngineClient client = application.NewClient(HttpVersion.Version20);
        using EngineWebSocket webSocket = await client.OpenWebSocketAsync();

        (await webSocket.ReadAsync()).ShouldContain("\"upgrades\":[]");
        await webSocket.SendAsync("4grüße");
        (await webSocket.ReadAsync()).ShouldBe("4grüße");
        await webSocket.SendBinaryAsync(1, 2, 3);
        (await webSocket.ReadBinaryAsync()).ShouldBe([1, 2, 3]);
        EngineSocket socket = await connected.Reader.ReadAsync();
        socket.Transport.ShouldBe("websocket");
        socket.Query["transport"].ToString().ShouldBe("websocket");
        socket.Headers.Keys.ShouldContain("Sec-WebSocket-Version");
        socket.Headers.Keys.ShouldNotContain(static name => name.StartsWith(':'));
    }

    [Fact]
    public async Task Polling_session_upgrades_with_a_probe_and_loses_nothing()
    {
        await using EngineApplication application = await StartAsync();
        using EngineClient client = application.NewClient(HttpVersion.Version20);
        await client.OpenPollingAsync();
        Task<string[]> poll = client.PollPacketsAsync();
        using EngineWebSocket webSocket = await client.OpenWebSocketAsync();

        await webSocket.SendAsync("2probe");
        (await webSocket.ReadAsync()).ShouldBe("3probe");
        (await poll).ShouldBe(["6"]);
        await client.PostAsync("4posted");
        await webSocket.SendAsync("5");

        (await webSocket.ReadAsync()).ShouldBe("4posted");
        await webSocket.SendAsync("4hello");
        (await webSocket.ReadAsync()).ShouldBe("4hello");
        (await client.PollAsync()).Status.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Theory]
    [InlineData("/engine.io/?EIO=4&transport=polling", "websocket", """{"code":3,"message":"Bad request"}""")]
    [InlineData("/engine.io/?EIO=3&transport=websocket", "websocket", """{"code":5,"message":"Unsupported protocol version"}""")]
    [InlineData(Path + "&sid=unknown", "websocket", """{"code":1,"message":"Session ID unknown"}""")]
    [InlineData("/engine.io/?EIO=4&transport=pigeon", "websocket", """{"code":0,"message":"Transport unknown"}""")]
    [InlineData(Path, "webtransport", """{"code":2,"message":"Bad handshake method"}""")]
    public async Task Wrong_connect_is_refused_with_the_code_of_any_wrong_request(string path, string protocol, string body)
    {
        await using EngineApplication application = await StartAsync();
        using var connection = new Http2Client(application.Address.Port);

        using HttpResponseMessage response = await connection.AskAsync(path, protocol);

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await response.Content.ReadAsStringAsync()).ShouldBe(body);
        application.Server.ConnectionCount.ShouldBe(0);
    }

    [Fact]
    public async Task Connect_of_another_version_of_websocket_is_told_the_right_one()
    {
        await using EngineApplication application = await StartAsync();
        using var connection = new Http2Client(application.Address.Port);

        using HttpResponseMessage response = await connection.AskAsync(Path, version: "8");

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        response.Headers.GetValues("Sec-WebSocket-Version").ShouldBe(["13"]);
    }

    [Fact]
    public async Task Checks_hooks_and_origins_are_those_of_any_handshake()
    {
        await using EngineApplication application = await StartAsync(new EngineIOOptions
        {
            AllowRequest = static context => ValueTask.FromResult(context.Request.Query.ContainsKey("no") ? "not you" : null),
            AllowedOrigins = ["https://example.org"],
            Cookie = new EngineCookieOptions(),
            OnInitialHeaders = static context => context.Response.Headers["X-Initial"] = "1",
            OnHeaders = static context => context.Response.Headers["X-Every"] = "1",
        });
        using var connection = new Http2Client(application.Address.Port);

        using (HttpResponseMessage refused = await connection.AskAsync(Path + "&no"))
        {
            refused.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
            (await refused.Content.ReadAsStringAsync()).ShouldBe("""{"code":4,"message":"not you"}""");
        }

        connection.Http.DefaultRequestHeaders.Add("Origin", "https://example.org");
        using (HttpResponseMessage accepted = await connection.AskAsync(Path))
        {
            accepted.StatusCode.ShouldBe(HttpStatusCode.OK);
            accepted.Headers.GetValues("Access-Control-Allow-Origin").ShouldBe(["https://example.org"]);
            accepted.Headers.GetValues("X-Initial").ShouldBe(["1"]);
            accepted.Headers.GetValues("X-Every").ShouldBe(["1"]);
            accepted.Headers.Contains("Set-Cookie").ShouldBeFalse(); // Of polling handshakes alone.
        }

        connection.Http.DefaultRequestHeaders.Remove("Origin");
        connection.Http.DefaultRequestHeaders.Add("Origin", "https://example.net");
        using HttpResponseMessage foreign = await connection.AskAsync(Path);
        foreign.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task Heartbeat_closes_a_client_that_is_silent()
    {
        var time = new ManualTime();
        await using EngineApplication application = await StartAsync(time: time);
        using EngineClient client = application.NewClient(HttpVersion.Version20);
        using EngineWebSocket webSocket = await client.OpenWebSocketAsync();
        await webSocket.ReadAsync();

        time.Advance(TimeSpan.FromSeconds(25));
        (await webSocket.ReadAsync()).ShouldBe("2");
        await webSocket.SendAsync("3");
        await webSocket.SendAsync("4read");
        (await webSocket.ReadAsync()).ShouldBe("4read");
        time.Advance(TimeSpan.FromSeconds(25));
        (await webSocket.ReadAsync()).ShouldBe("2");
        time.Advance(TimeSpan.FromSeconds(20));

        (await webSocket.ReadCloseAsync()).ShouldBe((1008, "ping timeout"));
        application.Server.ConnectionCount.ShouldBe(0);
    }

    [Fact]
    public async Task Message_of_the_limit_goes_both_ways_and_one_over_it_ends_its_session()
    {
        await using EngineApplication application = await StartAsync();
        using EngineClient client = application.NewClient(HttpVersion.Version20);
        using EngineClient other = application.NewClient(HttpVersion.Version20);
        using EngineWebSocket neighbour = await other.OpenWebSocketAsync();
        await neighbour.ReadAsync();
        using EngineWebSocket webSocket = await client.OpenWebSocketAsync();
        await webSocket.ReadAsync();
        string largest = "4" + new string('x', 999_999);

        await webSocket.SendAsync(largest);
        (await webSocket.ReadAsync()).ShouldBe(largest);
        await webSocket.SendAsync(largest + "x");

        (await webSocket.ReadCloseAsync()).ShouldBe((1009, "the message is too big"));
        await neighbour.SendAsync("4hello");
        (await neighbour.ReadAsync()).ShouldBe("4hello");
    }

    [Fact]
    public async Task Reset_in_the_middle_of_a_message_ends_that_session_alone()
    {
        await using EngineApplication application = await StartAsync();
        using EngineClient client = application.NewClient(HttpVersion.Version20);
        using EngineWebSocket neighbour = await client.OpenWebSocketAsync();
        await neighbour.ReadAsync();
        using EngineWebSocket broken = await client.OpenWebSocketAsync();
        await broken.ReadAsync();
        application.Server.ConnectionCount.ShouldBe(2);

        await broken.Socket.SendAsync(Encoding.UTF8.GetBytes("4half of"), WebSocketMessageType.Text, endOfMessage: false, default);
        broken.Socket.Abort();

        await Eventually.BeTrueAsync(() => application.Server.ConnectionCount == 1);
        await neighbour.SendAsync("4hello");
        (await neighbour.ReadAsync()).ShouldBe("4hello");
    }

    [Fact]
    public async Task Stop_of_the_server_tells_1001_after_what_waits_and_does_not_wait_for_more()
    {
        EngineSocket? socket = null;
        await using EngineApplication application = await EngineApplication.StartAsync(
            connected =>
            {
                socket = connected;
                return ValueTask.CompletedTask;
            },
            protocols: HttpProtocols.Http2);
        using EngineClient client = application.NewClient(HttpVersion.Version20);
        using EngineWebSocket webSocket = await client.OpenWebSocketAsync();
        await webSocket.ReadAsync();
        socket!.SendText("last words");

        Task stopping = application.StopAsync();

        (await webSocket.ReadAsync()).ShouldBe("4last words");
        (await webSocket.ReadCloseAsync()).ShouldBe((1001, "server is shutting down"));
        await webSocket.Socket.CloseOutputAsync(WebSocketCloseStatus.EndpointUnavailable, null, default);
        await stopping.WaitAsync(TimeSpan.FromSeconds(10));
    }

    private static Task<EngineApplication> StartAsync(EngineIOOptions? options = null, TimeProvider? time = null) =>
        EngineApplication.StartEchoAsync(options, time, protocols: HttpProtocols.Http2);
}
