using System.Net;
using System.Text;
using Carillon.Connections.Tests.WebSockets;
using Shouldly;
using Xunit;

namespace Carillon.SocketIO.Tests.EngineIO;

/// <summary>Session ids in the hands of those they were not given to, or on the wrong transport: the session they name goes on.</summary>
public sealed class SessionIdTests : IAsyncLifetime
{
    private const string UnknownSession = """{"code":1,"message":"Session ID unknown"}""";
    private const string BadRequest = """{"code":3,"message":"Bad request"}""";
    private EngineApplication _application = null!;

    public async ValueTask InitializeAsync() => _application = await EngineApplication.StartEchoAsync();

    public ValueTask DisposeAsync() => _application.DisposeAsync();

    [Theory]
    [InlineData("__proto__")]
    [InlineData("constructor")]
    [InlineData("%00")]
    [InlineData("null")]
    public async Task WebSocket_for_an_id_that_is_none_is_refused(string id) => (await AskWebSocketAsync(id)).ShouldBe(UnknownSession);

    [Fact]
    public async Task WebSocket_for_a_session_that_has_closed_is_refused()
    {
        using EngineClient client = await _application.OpenPollingAsync();
        await client.PostAsync("1");

        (await AskWebSocketAsync(client.SessionId)).ShouldBe(UnknownSession);
    }

    [Fact]
    public async Task Id_in_another_spelling_is_unknown()
    {
        using EngineClient client = await _application.OpenPollingAsync();
        using EngineClient stranger = _application.NewClient();
        string spelled = string.Concat(client.SessionId.Select(static letter => char.IsUpper(letter) ? char.ToLowerInvariant(letter) : char.ToUpperInvariant(letter)));

        (await stranger.PostToAsync(spelled, "4x")).ShouldBe((HttpStatusCode.BadRequest, UnknownSession));
        (await stranger.PostToAsync(client.SessionId[..^1], "4x")).ShouldBe((HttpStatusCode.BadRequest, UnknownSession));
        (await stranger.PostToAsync(client.SessionId + " ", "4x")).ShouldBe((HttpStatusCode.BadRequest, UnknownSession));
    }

    [Fact]
    public async Task Polls_posts_and_websockets_for_anothers_websocket_session_are_refused_and_it_goes_on()
    {
        using EngineClient owner = _application.NewClient();
        using EngineWebSocket socket = await owner.OpenWebSocketAsync();
        string id = (await socket.ReadAsync()).Split('"')[3];
        using EngineClient stranger = _application.NewClient();

        (await stranger.PostToAsync(id, "4forged")).ShouldBe((HttpStatusCode.BadRequest, BadRequest));
        (await stranger.PostToAsync(id, "1")).ShouldBe((HttpStatusCode.BadRequest, BadRequest));
        using HttpResponseMessage poll = await stranger.Http.GetAsync("/engine.io/?EIO=4&transport=polling&sid=" + id);
        (await poll.Content.ReadAsStringAsync()).ShouldBe(BadRequest);
        using (RawClient taker = await RawClient.ConnectAsync(_application.Address.Port, request: RawClient.Upgrade("/engine.io/?EIO=4&transport=websocket&sid=" + id)))
        {
            (await taker.ReadCloseAsync()).ShouldBe((1008, "the session cannot upgrade"));
        }

        await socket.SendAsync("4mine");
        (await socket.ReadAsync()).ShouldBe("4mine");
    }

    [Fact]
    public async Task WebSocket_without_a_probe_gets_nothing_of_anothers_polling_session()
    {
        using EngineClient owner = await _application.OpenPollingAsync();
        using (RawClient taker = await RawClient.ConnectAsync(
            _application.Address.Port, request: RawClient.Upgrade("/engine.io/?EIO=4&transport=websocket&sid=" + owner.SessionId)))
        {
            await owner.PostAsync("4secret");
            await taker.SendAsync(ClientFrames.Text("4forged"));
            (await taker.ReadFrameAsync()).First.ShouldBe(0x88);
        }

        (await owner.PollPacketsAsync()).ShouldBe(["4secret"]);
    }

    [Theory]
    [InlineData("transport=polling&sid={0}&sid={1}")]
    [InlineData("transport=polling&sid={0},{1}")]
    public async Task Ids_of_two_sessions_together_name_none(string query)
    {
        using EngineClient first = await _application.OpenPollingAsync();
        using EngineClient second = await _application.OpenPollingAsync();

        using HttpResponseMessage response = await first.Http.GetAsync(
            "/engine.io/?EIO=4&" + string.Format(System.Globalization.CultureInfo.InvariantCulture, query, first.SessionId, second.SessionId));

        (await response.Content.ReadAsStringAsync()).ShouldBe(UnknownSession);
        _application.Server.ConnectionCount.ShouldBe(2);
    }

    [Fact]
    public async Task Id_of_a_socket_in_a_namespace_names_no_session()
    {
        await using TestApplication application = await TestApplication.StartAsync(Apps.Echo);
        using var client = new EngineClient(application.Address);
        await client.OpenPollingAsync();
        await client.PostAsync("40");
        await client.PollPacketsAsync();

        (await client.PostToAsync(application.Server.Of("/").Sockets.Single().Id, "42[\"message\"]")).ShouldBe((HttpStatusCode.BadRequest, UnknownSession));
    }

    // The body of the refusal.
    private async Task<string> AskWebSocketAsync(string id)
    {
        using RawClient raw = await RawClient.OpenAsync(_application.Address.Port);
        (string head, _) = await raw.AskAsync(RawClient.Upgrade("/engine.io/?EIO=4&transport=websocket&sid=" + id));
        head.ShouldStartWith("HTTP/1.1 400");
        head.ShouldContain("Transfer-Encoding: chunked");
        await raw.ReadAsync("29\r\n".Length); // The length of the one chunk.
        return Encoding.UTF8.GetString(await raw.ReadAsync(UnknownSession.Length));
    }
}
