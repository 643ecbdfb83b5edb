using System.Net;
using Carillon.Connections.Tests;
using Shouldly;
using Xunit;

namespace Carillon.SocketIO.Tests.EngineIO;

public sealed class PollingTests : IAsyncLifetime
{
    private TestApplication _application = null!;
    private EngineClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        _application = await TestApplication.StartAsync(Apps.Echo);
        _client = new EngineClient(_application.Address);
        await _client.OpenPollingAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _application.DisposeAsync();
    }

    [Fact]
    public async Task Post_is_answered_ok_and_several_packets_come_in_one_poll()
    {
        (await _client.PostAsync("40")).ShouldBe((HttpStatusCode.OK, "ok"));
        (await _client.PostAsync("42[\"message\",1]", "42[\"message\",\"ü\"]")).ShouldBe((HttpStatusCode.OK, "ok"));

        string[] packets = await _client.PollPacketsAsync();

        packets.Length.ShouldBe(3);
        packets[0].ShouldStartWith("40{\"sid\":");
        packets[1..].ShouldBe(["42[\"message-back\",1]", "42[\"message-back\",\"ü\"]"]);
    }

    [Fact]
    public async Task Poll_holds_all_that_waits_in_order()
    {
        const int Packets = 300;
        await _client.PostAsync("40");
        await _client.PollAsync();
        await _client.PostAsync([.. Enumerable.Range(0, Packets).Select(i => $"42[\"message\",{i}]")]);

        (await _client.PollPacketsAsync()).ShouldBe(Enumerable.Range(0, Packets).Select(i => $"42[\"message-back\",{i}]"));
    }

    [Fact]
    public async Task Poll_takes_no_further_packet_beyond_1_MiB()
    {
        await _client.PostAsync("40");
        await _client.PollAsync();
        Socket socket = _application.Server.Of("/").Sockets.Single();
        string text = new('x', 400_000);
        for (int i = 0; i < 4; i++)
        {
            await socket.EmitAsync("text", text);
        }

        (await _client.PollPacketsAsync()).Length.ShouldBe(3);
        (await _client.PollPacketsAsync()).Length.ShouldBe(1);
    }

    // python-engineio refuses a payload of more. Its sessions of requests and aiohttp say what they are; those with a name of their own are known by the time in the address.
    [Theory]
    [InlineData("python-requests/2.31.0", "")]
    [InlineData("Python/3.12 aiohttp/3.9.1", "")]
    [InlineData("Mozilla/5.0", "&t=1763756156.2745")]
    public async Task Poll_of_pythons_client_holds_at_most_16_packets_and_the_next_ones_the_rest_in_order(string agent, string query)
    {
        _client.Http.DefaultRequestHeaders.Add("User-Agent", agent);
        await _client.PostAsync("40");
        await _client.PollAsync();
        await _client.PostAsync([.. Enumerable.Range(0, 40).Select(i => $"42[\"message\",{i}]")]);

        List<string[]> polls = [];
        while (polls.Sum(poll => poll.Length) < 40)
        {
            polls.Add((await _client.Http.GetStringAsync(_client.PollingPath + query)).Split('\x1e'));
        }

        polls.ShouldAllBe(poll => poll.Length <= 16);
        polls.SelectMany(poll => poll).ShouldBe(Enumerable.Range(0, 40).Select(i => $"42[\"message-back\",{i}]"));
    }

    [Fact]
    public async Task Pending_poll_is_answered_as_soon_as_there_is_something()
    {
        await _client.PostAsync("40");
        await _client.PollAsync();
        Task<string[]> poll = _client.PollPacketsAsync();

        await _client.PostAsync("42[\"message\",true]");

        (await poll).ShouldBe(["42[\"message-back\",true]"]);
    }

    [Theory]
    [InlineData("abc")]
    [InlineData("")]
    [InlineData("4")]
    [InlineData("0{}")]
    [InlineData("2")]
    [InlineData("5")]
    [InlineData("40\u001e\u001e40")]
    [InlineData("4abc")]
    [InlineData("b!!!")]
    public async Task Malformed_payload_is_refused_and_closes_the_session(string payload)
    {
        (HttpStatusCode status, _) = await _client.PostAsync(payload);

        status.ShouldBe(HttpStatusCode.BadRequest);
        (await _client.PollAsync()).ShouldBe((HttpStatusCode.BadRequest, """{"code":1,"message":"Session ID unknown"}"""));
        _application.Server.ConnectionCount.ShouldBe(0);
    }

    [Fact]
    public async Task Payload_that_is_not_utf8_is_refused_and_closes_the_session()
    {
        using var content = new ByteArrayContent([(byte)'4', (byte)'0', 0xC3, 0x28]);

        using HttpResponseMessage response = await _client.Http.PostAsync(_client.PollingPath, content);

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        _application.Server.ConnectionCount.ShouldBe(0);
    }

    [Fact]
    public async Task Second_poll_at_the_same_time_closes_the_session()
    {
        Task<(HttpStatusCode Status, string Body)> first = _client.PollAsync();
        (HttpStatusCode Status, string Body) second;

        // Either request may be the first to arrive.
        second = await _client.PollAsync();
        (HttpStatusCode Status, string Body)[] answers = [await first, second];

        answers.ShouldContain((HttpStatusCode.OK, "1"));
        answers.ShouldContain((HttpStatusCode.BadRequest, """{"code":3,"message":"Bad request"}"""));
        (await _client.PollAsync()).Status.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Second_post_at_the_same_time_closes_the_session()
    {
        using var slow = new SlowContent("40");
        Task<HttpResponseMessage> first = _client.Http.PostAsync(_client.PollingPath, slow);
        await slow.Begun.WaitAsync(TimeSpan.FromSeconds(30));

        HttpStatusCode status;
        do
        {
            (status, _) = await _client.PostAsync("40"); // Until the first one has reached the server.
        }
        while (status == HttpStatusCode.OK);

        slow.Finish();
        (await first).Dispose();
        _application.Server.ConnectionCount.ShouldBe(0);
    }

    [Fact]
    public async Task Body_over_the_limit_gets_413_and_the_session_stays()
    {
        (HttpStatusCode status, _) = await _client.PostAsync(new string('4', 1_000_001));

        status.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        (await _client.PostAsync("40")).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("application/octet-stream", false)]
    [InlineData("Application/Octet-Stream; x=y", false)]
    [InlineData("text/plain;charset=UTF-8", true)]
    [InlineData("application/json", true)]
    [InlineData(null, true)]
    public async Task Payload_is_text_whatever_it_is_called_but_octets(string? contentType, bool accepted)
    {
        using var content = new ByteArrayContent("40"u8.ToArray());
        _ = contentType is not null && content.Headers.TryAddWithoutValidation("Content-Type", contentType);

        using HttpResponseMessage response = await _client.Http.PostAsync(_client.PollingPath, content);

        response.StatusCode.ShouldBe(accepted ? HttpStatusCode.OK : HttpStatusCode.BadRequest);
        _application.Server.ConnectionCount.ShouldBe(accepted ? 1 : 0);
    }

    [Theory]
    [InlineData("EIO=3&transport=polling")]
    [InlineData("transport=polling")]
    [InlineData("EIO=4&transport=websocket")]
    public async Task Request_that_contradicts_its_session_is_refused_and_the_session_stays(string query)
    {
        using HttpResponseMessage response = await _client.Http.GetAsync($"/socket.io/?{query}&sid={_client.SessionId}");

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await response.Content.ReadAsStringAsync()).ShouldBe("""{"code":3,"message":"Bad request"}""");
        (await _client.PostAsync("40")).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("HEAD")]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    [InlineData("PATCH")]
    public async Task Method_other_than_get_and_post_is_refused_and_the_session_stays(string method)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), _client.PollingPath);

        using HttpResponseMessage response = await _client.Http.SendAsync(request);

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await _client.PostAsync("40")).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Noop_packets_of_the_client_are_ignored()
    {
        (await _client.PostAsync("6", "40", "6hello")).ShouldBe((HttpStatusCode.OK, "ok"));

        (await _client.PollPacketsAsync()).Single().ShouldStartWith("40{");
    }

    [Fact]
    public async Task Body_over_the_limit_without_a_length_gets_413()
    {
        using var slow = new SlowContent(new string('4', 1_000_001));
        slow.Finish();

        using HttpResponseMessage response = await _client.Http.PostAsync(_client.PollingPath, slow);

        response.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
    }

    [Fact]
    public async Task Body_of_the_limit_is_taken_however_it_is_framed()
    {
        using var slow = new SlowContent("6" + new string('x', 999_999));
        slow.Finish();

        using HttpResponseMessage response = await _client.Http.PostAsync(_client.PollingPath, slow);

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await _client.PostAsync("6" + new string('x', 999_999))).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Close_packet_of_the_client_releases_the_poll_and_ends_the_session()
    {
        Task<string[]> poll = _client.PollPacketsAsync();

        (await _client.PostAsync("1")).ShouldBe((HttpStatusCode.OK, "ok"));

        (await poll).ShouldBe(["6"]);
        (await _client.PollAsync()).Status.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Poll_that_the_client_gives_up_ends_the_session()
    {
        using var giveUp = new CancellationTokenSource();
        Task<HttpResponseMessage> poll = _client.Http.GetAsync(_client.PollingPath, giveUp.Token);
        await _client.PostAsync("3");
        await giveUp.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => poll);

        await Eventually.BeTrueAsync(() => _application.Server.ConnectionCount == 0);
    }

    [Fact]
    public async Task Connection_closed_by_the_server_between_polls_gets_what_waits_and_then_the_close_packet()
    {
        await _client.PostAsync("40");
        await _client.PollAsync();
        Socket socket = _application.Server.Of("/").Sockets.Single();
        socket.TrySend(SocketIOFrame.Event("/", "last", "1"u8));

        socket.CloseConnection("enough");

        (await _client.PollPacketsAsync()).ShouldBe(["42[\"last\",1]"]);
        (await _client.PollPacketsAsync()).ShouldBe(["1"]);
        (await _client.PollAsync()).Status.ShouldBe(HttpStatusCode.BadRequest);
    }

    // Refused, the official client would take it for a fault of the transport and come back, before it has read that it was sent away.
    [Fact]
    public async Task Post_to_a_session_that_was_closed_and_is_not_told_yet_is_answered_ok_and_dropped()
    {
        await _client.PostAsync("40");
        await _client.PollAsync();
        _application.Server.Of("/").Sockets.Single().Disconnect(close: true);

        (await _client.PostAsync("42[\"message\"]")).ShouldBe((HttpStatusCode.OK, "ok"));
        (await _client.PollPacketsAsync()).ShouldBe(["41"]);
        (await _client.PostAsync("42[\"message\"]")).ShouldBe((HttpStatusCode.OK, "ok"));
        (await _client.PollPacketsAsync()).ShouldBe(["1"]);
        (await _client.PostAsync("42[\"message\"]")).Status.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Client_that_fetches_what_waits_more_slowly_than_the_ping_timeout_gets_all_of_it()
    {
        const int Polls = 5;
        var time = new ManualTime();
        await using TestApplication application = await TestApplication.StartAsync(Apps.Echo, time: time);
        using var client = new EngineClient(application.Address);
        client.Http.DefaultRequestHeaders.Add("User-Agent", "python-requests/2.31.0");
        await client.OpenPollingAsync();
        await client.PostAsync("40");
        await client.PollAsync();
        Socket socket = application.Server.Of("/").Sockets.Single();
        for (int i = 0; i < Polls * 16; i++)
        {
            await socket.EmitAsync("n");
        }

        socket.CloseConnection("enough");

        for (int i = 0; i < Polls; i++)
        {
            time.Advance(TimeSpan.FromSeconds(15)); // Of 20.
            (await client.PollPacketsAsync()).ShouldAllBe(static packet => packet == "42[\"n\"]");
        }

        (await client.PollPacketsAsync()).ShouldBe(["1"]);
    }

    // In one answer with the close packet, the official client would take the disconnect for a lost connection.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Disconnect_that_closes_the_connection_reaches_the_client_before_the_close_packet(bool isPolling)
    {
        await _client.PostAsync("40");
        await _client.PollAsync();
        Task<string[]>? poll = isPolling ? _client.PollPacketsAsync() : null;

        _application.Server.Of("/").Sockets.Single().Disconnect(close: true);

        (await (poll ?? _client.PollPacketsAsync())).ShouldBe(["41"]);
        (await _client.PollPacketsAsync()).ShouldBe(["1"]);
        (await _client.PollAsync()).Status.ShouldBe(HttpStatusCode.BadRequest);
    }
}
