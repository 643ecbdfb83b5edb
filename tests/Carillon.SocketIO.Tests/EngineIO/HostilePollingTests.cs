using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Carillon.Connections.Tests.WebSockets;
using Carillon.SocketIO.EngineIO;
using Shouldly;
using Xunit;

namespace Carillon.SocketIO.Tests.EngineIO;

/// <summary>Requests that no honest client sends: each is refused or closes its own session, and a neighbour is served throughout.</summary>
public sealed class HostilePollingTests : IAsyncLifetime
{
    private const string UnknownSession = """{"code":1,"message":"Session ID unknown"}""";
    private EngineApplication _application = null!;
    private Neighbour _neighbour = null!;

    public async ValueTask InitializeAsync()
    {
        _application = await EngineApplication.StartEchoAsync();
        _neighbour = await Neighbour.JoinAsync(_application);
    }

    public async ValueTask DisposeAsync()
    {
        await _neighbour.ShouldBeServedAsync();
        _application.Server.ConnectionCount.ShouldBe(1);
        _neighbour.Dispose();
        await _application.DisposeAsync();
    }

    [Theory]
    [InlineData("", HttpStatusCode.BadRequest)]
    [InlineData("3", HttpStatusCode.OK)]
    [InlineData("6", HttpStatusCode.OK)]
    public async Task Body_full_of_separators_takes_no_time(string packet, HttpStatusCode expected)
    {
        using EngineClient client = await _application.OpenPollingAsync();
        string body = string.Join('\x1e', Enumerable.Repeat(packet, 1_000_000 / (packet.Length + 1)));

        Task<(HttpStatusCode Status, string Body)> post = client.PostAsync(body);
        await _neighbour.ShouldBeServedAsync();

        (await post.WaitAsync(TimeSpan.FromSeconds(30))).Status.ShouldBe(expected);
        await client.PostAsync("1"); // Whoever is still there leaves.
    }

    [Theory]
    [InlineData("4")]
    [InlineData("b")]
    public async Task Body_full_of_messages_waits_for_its_client_to_read_what_comes_back(string packet)
    {
        using EngineClient client = await _application.OpenPollingAsync();
        string body = string.Join('\x1e', Enumerable.Repeat(packet, 1_000_000 / (packet.Length + 1)));

        Task<(HttpStatusCode Status, string Body)> post = client.PostAsync(body);
        await _neighbour.ShouldBeServedAsync();

        (await client.PollPacketsAsync()).ShouldAllBe(echoed => echoed == packet);
        post.IsCompleted.ShouldBeFalse();
        client.Http.CancelPendingRequests(); // It leaves.
        await Should.ThrowAsync<OperationCanceledException>(post);
        await Eventually.BeTrueAsync(() => _application.Server.ConnectionCount == 1);
    }

    [Fact]
    public void Separators_are_passed_over_without_an_allocation()
    {
        var body = new byte[1_000_000];
        body.AsSpan().Fill(0x1E);
        ReadOnlyMemory<byte> rest = body;
        int packets = 0;
        long before = GC.GetAllocatedBytesForCurrentThread();

        while (PollingPayload.TryTake(ref rest, out _))
        {
            packets++;
        }

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(10_000); // What the runtime itself may need once, far below a byte for each.
        packets.ShouldBe(1_000_000);
    }

    [Theory]
    [InlineData("b")] // An empty binary message.
    [InlineData("bAQ==")]
    public async Task Base64_that_is_right_is_taken(string packet)
    {
        using EngineClient client = await _application.OpenPollingAsync();

        (await client.PostAsync(packet)).ShouldBe((HttpStatusCode.OK, "ok"));

        (await client.PollPacketsAsync()).ShouldBe([packet]);
        await client.PostAsync("1");
    }

    [Theory]
    [InlineData("bA")]
    [InlineData("bAQ=")]
    [InlineData("b=")]
    [InlineData("bAQ==AQ==")]
    [InlineData("bAQ-_")]
    [InlineData("b\u00fc\u00fc\u00fc\u00fc")]
    [InlineData("bb")]
    public async Task Base64_that_is_wrong_closes_the_session(string packet)
    {
        using EngineClient client = await _application.OpenPollingAsync();

        (await client.PostAsync("4first", packet, "4never")).Status.ShouldBe(HttpStatusCode.BadRequest);

        (await client.PollAsync()).ShouldBe((HttpStatusCode.BadRequest, UnknownSession));
        _application.Log.Entries.ShouldContain(static entry => entry.Text.Contains("parse error, detail: a malformed binary packet", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("__proto__")]
    [InlineData("constructor")]
    [InlineData("hasOwnProperty")]
    [InlineData("%00")]
    [InlineData("%F0%9F%8E%89")]
    [InlineData("%FF%FE")]
    [InlineData("../../etc/passwd")]
    [InlineData("null")]
    [InlineData("%20")]
    public async Task Session_id_that_is_none_is_unknown(string id)
    {
        using EngineClient client = _application.NewClient();

        using HttpResponseMessage poll = await client.Http.GetAsync("/engine.io/?EIO=4&transport=polling&sid=" + id);
        using HttpResponseMessage post = await client.Http.PostAsync("/engine.io/?EIO=4&transport=polling&sid=" + id, new StringContent("4x"));

        poll.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await poll.Content.ReadAsStringAsync()).ShouldBe(UnknownSession);
        (await post.Content.ReadAsStringAsync()).ShouldBe(UnknownSession);
    }

    [Fact]
    public async Task Session_id_of_thousands_of_characters_is_unknown()
    {
        using EngineClient client = _application.NewClient();

        (await client.PostToAsync(new string('a', 7000), "4x")).ShouldBe((HttpStatusCode.BadRequest, UnknownSession));
    }

    [Fact]
    public async Task Session_that_has_closed_is_unknown()
    {
        using EngineClient client = await _application.OpenPollingAsync();
        await client.PostAsync("1");

        (await client.PostAsync("4x")).ShouldBe((HttpStatusCode.BadRequest, UnknownSession));
        (await client.PollAsync()).ShouldBe((HttpStatusCode.BadRequest, UnknownSession));
    }

    [Fact]
    public async Task Session_of_another_server_is_unknown()
    {
        await using EngineApplication other = await EngineApplication.StartEchoAsync();
        using EngineClient stranger = await other.OpenPollingAsync();
        using EngineClient client = _application.NewClient();

        (await client.PostToAsync(stranger.SessionId, "4x")).ShouldBe((HttpStatusCode.BadRequest, UnknownSession));
    }

    [Theory]
    [InlineData("EIO=4&transport=polling&transport=polling")]
    [InlineData("EIO=4&EIO=4&transport=polling")]
    [InlineData("EIO=4&transport=polling&transport=websocket")]
    [InlineData("EIO=4&transport=polling&sid=a&sid=b")]
    [InlineData("EIO=4&transport[]=polling")]
    [InlineData("EIO=4&transport=polling%00")]
    [InlineData("EIO=4&transport=POLLING")]
    public async Task Repeated_or_disfigured_parameters_are_refused(string query)
    {
        using EngineClient client = _application.NewClient();

        using HttpResponseMessage response = await client.Http.GetAsync("/engine.io/?" + query);

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Jsonp_does_not_exist_any_more()
    {
        using EngineClient client = _application.NewClient();

        string body = await client.Http.GetStringAsync("/engine.io/?EIO=4&transport=polling&j=0");

        body.ShouldStartWith("0{");
        await client.PostToAsync(body.Split('"')[3], "1");
    }

    [Fact]
    public async Task Chunks_without_end_get_413_as_soon_as_they_pass_the_limit()
    {
        using EngineClient client = await _application.OpenPollingAsync();
        using RawClient raw = await RawClient.ConnectAsync(_application.Address.Port, request: Post(client.SessionId, "Transfer-Encoding: chunked\r\nExpect: 100-continue"));
        raw.Handshake.ShouldStartWith("HTTP/1.1 100");
        byte[] chunk = Encoding.ASCII.GetBytes("10000\r\n" + new string('4', 0x10000) + "\r\n");
        for (int i = 0; i < 16; i++)
        {
            await raw.SendAsync(chunk); // 1,048,576 bytes, and no last chunk.
        }

        Encoding.ASCII.GetString(await raw.ReadAsync(12)).ShouldBe("HTTP/1.1 413");
        await client.PostAsync("1");
    }

    [Fact]
    public async Task Announced_length_over_the_limit_gets_413_before_a_byte_is_sent()
    {
        using EngineClient client = await _application.OpenPollingAsync();

        using RawClient raw = await RawClient.ConnectAsync(_application.Address.Port, request: Post(client.SessionId, "Content-Length: 99999999999"));

        raw.Handshake.ShouldStartWith("HTTP/1.1 413");
        await client.PostAsync("1");
    }

    [Fact]
    public async Task Body_that_breaks_off_ends_its_session()
    {
        using EngineClient client = await _application.OpenPollingAsync();
        using (var socket = new System.Net.Sockets.Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp))
        {
            await socket.ConnectAsync(IPAddress.Loopback, _application.Address.Port);
            await socket.SendAsync(Encoding.ASCII.GetBytes(Post(client.SessionId, "Content-Length: 100") + "4x"));
            await client.PostUntilRefusedAsync("6"); // Until the server has begun to read the body: then the posts overlap.
        }

        await Eventually.BeTrueAsync(() => _application.Server.ConnectionCount == 1);
    }

    [Fact]
    public async Task Reset_in_the_middle_of_an_upgrade_leaves_the_session_polling()
    {
        using EngineClient client = await _application.OpenPollingAsync();
        for (int i = 0; i < 3; i++)
        {
            await ResetAsync(client.SessionId, afterProbe: i % 2 == 0);
        }

        await client.PostAsync("4hello");
        string[] packets = ["6"];
        while (packets is ["6"])
        {
            packets = await client.PollPacketsAsync();
        }

        packets.ShouldBe(["4hello"]);
        await client.PostAsync("1");
    }

    private static string Post(string sessionId, string headers) =>
        $"POST /engine.io/?EIO=4&transport=polling&sid={sessionId} HTTP/1.1\r\nHost: localhost\r\n{headers}\r\n\r\n";

    private async Task ResetAsync(string sessionId, bool afterProbe)
    {
        using var socket = new System.Net.Sockets.Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { LingerState = new LingerOption(true, 0) };
        await socket.ConnectAsync(IPAddress.Loopback, _application.Address.Port);
        string request = string.Create(CultureInfo.InvariantCulture, $"GET /engine.io/?EIO=4&transport=websocket&sid={sessionId} HTTP/1.1\r\nHost: localhost\r\n")
            + "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
        await socket.SendAsync(Encoding.ASCII.GetBytes(request));
        var head = new byte[12];
        (await socket.ReceiveAsync(head)).ShouldBe(head.Length);
        if (afterProbe)
        {
            await socket.SendAsync(ClientFrames.Text("2probe"));
        }
    }
}
