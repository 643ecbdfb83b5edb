using System.Net;
using System.Net.WebSockets;
using System.Text.Json;
using Shouldly;
using Xunit;

namespace Carillon.SocketIO.Tests.EngineIO;

/// <summary>
/// One test for each sentence of engine.io-protocol v4 that says MUST, against a bare Engine.IO server; docs/protocols/engine-io.md lists which is which.
/// Each comment names the section.
/// </summary>
public sealed class ProtocolTests : IAsyncLifetime
{
    private const string BadRequest = """{"code":3,"message":"Bad request"}""";
    private const string UnknownSession = """{"code":1,"message":"Session ID unknown"}""";
    private EngineApplication _application = null!;

    public async ValueTask InitializeAsync() => _application = await EngineApplication.StartEchoAsync();

    public async ValueTask DisposeAsync() => await _application.DisposeAsync();

    // Transports, HTTP long-polling, Query parameters
    [Theory]
    [InlineData("GET", "transport=polling")]
    [InlineData("GET", "EIO=4")]
    [InlineData("GET", "transport=polling&sid=SID")]
    [InlineData("POST", "transport=polling&sid=SID")]
    [InlineData("GET", "EIO=4&sid=SID")]
    [InlineData("POST", "EIO=4&sid=SID")]
    [InlineData("POST", "EIO=4&transport=polling")]
    public async Task Polling_request_without_a_mandatory_parameter_gets_400_and_hurts_no_session(string method, string query)
    {
        using EngineClient client = await _application.OpenPollingAsync();
        string target = "/engine.io/?" + query.Replace("SID", client.SessionId, StringComparison.Ordinal);
        using var request = new HttpRequestMessage(new HttpMethod(method), target);

        using HttpResponseMessage response = await client.Http.SendAsync(request);

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await client.PostAsync("4still here")).Status.ShouldBe(HttpStatusCode.OK);
        (await client.PollPacketsAsync()).ShouldBe(["4still here"]);
    }

    // Sending data
    [Fact]
    public async Task Packets_of_a_post_are_received_in_order()
    {
        using EngineClient client = await _application.OpenPollingAsync();

        await client.PostAsync("4one", "4two");
        await client.PostAsync("4three");

        (await client.PollPacketsAsync()).ShouldBe(["4one", "4two", "4three"]);
    }

    // Sending data
    [Fact]
    public async Task Post_for_an_unknown_session_gets_400()
    {
        using EngineClient client = _application.NewClient();

        (await client.PostToAsync("unknown", "4x")).ShouldBe((HttpStatusCode.BadRequest, UnknownSession));
    }

    // Sending data
    [Fact]
    public async Task Post_that_succeeds_gets_200_and_ok()
    {
        using EngineClient client = await _application.OpenPollingAsync();
        using var content = new StringContent("4x");

        using HttpResponseMessage response = await client.Http.PostAsync(client.PollingPath, content);

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        response.Content.Headers.ContentType!.ToString().ShouldBe("text/plain; charset=UTF-8");
        (await response.Content.ReadAsStringAsync()).ShouldBe("ok");
    }

    // Sending data
    [Fact]
    public async Task Second_active_post_gets_400_and_closes_the_session()
    {
        using EngineClient client = await _application.OpenPollingAsync();
        using var slow = new SlowContent("4x");
        Task<HttpResponseMessage> first = client.Http.PostAsync(client.PollingPath, slow);
        await slow.Begun;
        (HttpStatusCode Status, string Body) second;
        do
        {
            second = await client.PostAsync("4x"); // Until the first one has reached the server.
        }
        while (second.Status == HttpStatusCode.OK);

        second.ShouldBe((HttpStatusCode.BadRequest, BadRequest));
        (await client.PollAsync()).Status.ShouldBeOneOf(HttpStatusCode.BadRequest, HttpStatusCode.OK);
        _application.Server.ConnectionCount.ShouldBe(0);
        slow.Finish();
        (await first).Dispose();
    }

    // Receiving data
    [Fact]
    public async Task Get_for_an_unknown_session_gets_400()
    {
        using EngineClient client = _application.NewClient();
        using HttpResponseMessage response = await client.Http.GetAsync("/engine.io/?EIO=4&transport=polling&sid=unknown");

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await response.Content.ReadAsStringAsync()).ShouldBe(UnknownSession);
    }

    // Receiving data
    [Fact]
    public async Task Second_active_get_gets_400_and_closes_the_session()
    {
        using EngineClient client = await _application.OpenPollingAsync();
        Task<(HttpStatusCode, string)> first = client.PollAsync();

        (HttpStatusCode, string)[] answers = [await client.PollAsync(), await first]; // Either may be the first to arrive.

        answers.ShouldBe([(HttpStatusCode.BadRequest, BadRequest), (HttpStatusCode.OK, "1")], ignoreOrder: true);
        (await client.PollAsync()).ShouldBe((HttpStatusCode.BadRequest, UnknownSession));
    }

    // WebSocket
    [Theory]
    [InlineData("transport=websocket")]
    [InlineData("EIO=abc&transport=websocket")]
    [InlineData("EIO=4")]
    [InlineData("EIO=4&transport=abc")]
    public async Task WebSocket_without_a_mandatory_parameter_is_refused(string query)
    {
        using var socket = new ClientWebSocket();

        await Should.ThrowAsync<WebSocketException>(() => socket.ConnectAsync(new Uri($"ws://{_application.Address.Authority}/engine.io/?{query}"), default));

        _application.Server.ConnectionCount.ShouldBe(0);
    }

    // WebSocket
    [Fact]
    public async Task Second_websocket_of_a_session_is_closed_while_upgrading_and_afterwards()
    {
        using EngineClient client = await _application.OpenPollingAsync();
        using EngineWebSocket socket = await client.OpenWebSocketAsync();

        using EngineWebSocket second = await client.OpenWebSocketAsync();
        (await second.ReadCloseAsync()).ShouldBe((1008, "the session cannot upgrade"));
        await UpgradeAsync(socket);
        using EngineWebSocket third = await client.OpenWebSocketAsync();
        (await third.ReadCloseAsync()).ShouldBe((1008, "the session cannot upgrade"));

        await socket.SendAsync("4hello");
        (await socket.ReadAsync()).ShouldBe("4hello");
    }

    // Handshake
    [Theory]
    [InlineData(SocketIOTransports.Polling)]
    [InlineData(SocketIOTransports.WebSocket)]
    public async Task Accepted_connection_gets_an_open_packet_with_every_key(SocketIOTransports transport)
    {
        using EngineClient client = _application.NewClient();
        JsonElement open;
        if (transport == SocketIOTransports.Polling)
        {
            open = await client.OpenPollingAsync();
        }
        else
        {
            using EngineWebSocket socket = await client.OpenWebSocketAsync();
            string packet = await socket.ReadAsync();
            packet[0].ShouldBe('0');
            open = JsonDocument.Parse(packet.AsMemory(1)).RootElement;
        }

        open.GetProperty("sid").GetString().ShouldNotBeNullOrEmpty();
        open.GetProperty("upgrades").GetRawText().ShouldBe(transport == SocketIOTransports.Polling ? """["websocket"]""" : "[]");
        open.GetProperty("pingInterval").GetInt32().ShouldBe(25_000);
        open.GetProperty("pingTimeout").GetInt32().ShouldBe(20_000);
        open.GetProperty("maxPayload").GetInt32().ShouldBe(1_000_000);
    }

    // Handshake: the client MUST send the sid in all subsequent requests. One without is a handshake of its own.
    [Fact]
    public async Task Request_without_a_sid_opens_a_session_of_its_own()
    {
        using EngineClient client = await _application.OpenPollingAsync();
        string first = client.SessionId;

        await client.OpenPollingAsync();

        client.SessionId.ShouldNotBe(first);
        _application.Server.ConnectionCount.ShouldBe(2);
    }

    // Upgrade: a noop to the pending GET, and a pong with "probe"
    [Fact]
    public async Task Probe_gets_a_pong_and_the_pending_get_a_noop()
    {
        using EngineClient client = await _application.OpenPollingAsync();
        Task<string[]> pending = client.PollPacketsAsync();
        using EngineWebSocket socket = await client.OpenWebSocketAsync();

        await socket.SendAsync("2probe");

        (await socket.ReadAsync()).ShouldBe("3probe");
        (await pending).ShouldBe(["6"]);
    }

    // Upgrade: the client MUST send an upgrade packet. Until then messages go by polling, afterwards by WebSocket.
    [Fact]
    public async Task Upgrade_packet_moves_the_session_to_the_websocket()
    {
        using EngineClient client = await _application.OpenPollingAsync();
        using EngineWebSocket socket = await client.OpenWebSocketAsync();
        await socket.SendAsync("2probe");
        (await socket.ReadAsync()).ShouldBe("3probe");
        await client.PostAsync("4before");
        (await client.PollPacketsAsync()).ShouldBe(["4before"]);

        await socket.SendAsync("5");
        await socket.SendAsync("4after");

        (await socket.ReadAsync()).ShouldBe("4after");
        (await client.PollAsync()).ShouldBe((HttpStatusCode.BadRequest, BadRequest));
    }

    // Upgrade: the client MUST send a ping with "probe" first
    [Fact]
    public async Task Upgrade_packet_without_a_probe_ends_the_websocket_and_not_the_session()
    {
        using EngineClient client = await _application.OpenPollingAsync();
        using EngineWebSocket socket = await client.OpenWebSocketAsync();

        await socket.SendAsync("5");

        (await socket.ReadCloseAsync()).ShouldBe((1008, "not a probe"));
        await client.PostAsync("4hello");
        (await client.PollPacketsAsync()).ShouldBe(["4hello"]);
    }

    // Packet encoding, HTTP long-polling
    [Fact]
    public async Task Binary_payload_is_base64_with_a_b_in_front_both_ways()
    {
        using EngineClient client = await _application.OpenPollingAsync();

        await client.PostAsync("4hello", "bAQIDBA==");

        (await client.PollPacketsAsync()).ShouldBe(["4hello", "bAQIDBA=="]);
    }

    // Packet encoding, WebSocket
    [Fact]
    public async Task Binary_payload_over_websocket_is_sent_as_it_is()
    {
        using EngineWebSocket socket = await _application.OpenWebSocketAsync();

        await socket.SendBinaryAsync(1, 2, 3, 4);

        (await socket.ReadBinaryAsync()).ShouldBe([1, 2, 3, 4]);
    }

    private static async Task UpgradeAsync(EngineWebSocket socket)
    {
        await socket.SendAsync("2probe");
        (await socket.ReadAsync()).ShouldBe("3probe");
        await socket.SendAsync("5");
        await socket.SendAsync("4done");
        (await socket.ReadAsync()).ShouldBe("4done");
    }
}
