using System.Net;
using System.Text;
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
    public async Task Poll_holds_at_most_16_packets_and_the_next_ones_the_rest_in_order()
    {
        await _client.PostAsync("40");
        await _client.PollAsync();
        await _client.PostAsync([.. Enumerable.Range(0, 40).Select(i => $"42[\"message\",{i}]")]);

        List<string[]> polls = [];
        while (polls.Sum(poll => poll.Length) < 40)
        {
            polls.Add(await _client.PollPacketsAsync());
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
    public async Task Body_over_the_limit_gets_413()
    {
        (HttpStatusCode status, _) = await _client.PostAsync(new string('4', 1_000_001));

        status.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
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
    public async Task Method_other_than_get_and_post_is_refused()
    {
        using HttpResponseMessage response = await _client.Http.PutAsync(_client.PollingPath, null);

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Connection_closed_by_the_server_between_polls_gets_what_waits_and_the_close_packet()
    {
        await _client.PostAsync("40");
        await _client.PollAsync();
        Socket socket = _application.Server.Of("/").Sockets.Single();
        socket.TrySend(SocketIOFrame.Event("/", "last", "1"u8));

        socket.CloseConnection("enough");

        (await _client.PostAsync("42[\"message\"]")).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await _client.PollPacketsAsync()).ShouldBe(["42[\"last\",1]", "1"]);
        (await _client.PollAsync()).Status.ShouldBe(HttpStatusCode.BadRequest);
    }

    private sealed class SlowContent(string text) : HttpContent
    {
        private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _finish = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Begun => _begun.Task;

        public void Finish() => _finish.TrySetResult();

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(text);
            await stream.WriteAsync(bytes.AsMemory(0, 1));
            await stream.FlushAsync();
            _begun.TrySetResult();
            await _finish.Task;
            await stream.WriteAsync(bytes.AsMemory(1));
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
