using System.Globalization;
using System.Text.Json;
using Carillon.Access;
using Carillon.AspNetCore.WebSockets;
using Carillon.Engines.Conformance;
using Carillon.Hubs;
using Carillon.Topics;
using Carillon.Topics.Filters;
using Shouldly;
using Xunit;

namespace Carillon.AspNetCore.Tests.WebSockets;

/// <summary>Every frame of docs/protocols/websocket.md, over real sockets.</summary>
public abstract class TopicSocketTests(SocketHost host)
{
    // The clock is moved by hours; nobody answers pings meanwhile.
    private static readonly TopicSocketOptions StillSockets = new() { PingInterval = TimeSpan.FromDays(1) };

    [Theory]
    [InlineData("""{"type": "PING"}""", """{"type":"PONG"}""")]
    [InlineData("""{"type": "PING", "nonce": 7}""", """{"type":"PONG","nonce":7}""")]
    [InlineData("""{"type":"UNSUBSCRIBE","topics":["a"],"nonce":{"k": [1, null, "ü"]}}""", """{"success":["a"],"errors":[],"nonce":{"k":[1,null,"ü"]}}""")]
    [InlineData("""{"type":"SUBSCRIBE","topics":["a","b"],"nonce":null}""", """{"success":["a","b"],"errors":[],"nonce":null}""")]
    [InlineData("""{"type":"SUBSCRIBE","topics":["a"]}""", """{"success":["a"],"errors":[]}""")]
    public async Task A_command_is_answered_with_its_nonce(string command, string answer)
    {
        await using TopicSocketApplication application = await TopicSocketApplication.StartAsync(host);
        await using TopicSocketClient client = await application.ConnectAsync();
        await client.SendAsync(command);
        (await client.NextTextAsync()).ShouldBe(answer);
    }

    [Fact]
    public async Task A_publish_is_acknowledged_and_delivered_to_every_subscriber()
    {
        await using TopicSocketApplication application = await TopicSocketApplication.StartAsync(host);
        await using TopicSocketClient reader = await application.ConnectAsync();
        await using TopicSocketClient writer = await application.ConnectAsync();
        await reader.AskAsync("""{"type":"SUBSCRIBE","topics":["news"]}""");
        JsonElement answer = await writer.AskAsync("""{"type":"PUBLISH","topic":"news","message":{"n": 1},"message_id":"m1","producer":"p","nonce":"x"}""");
        answer.GetProperty("success").GetRawText().ShouldBe("""["news"]""");
        answer.GetProperty("errors").GetArrayLength().ShouldBe(0);
        answer.GetProperty("message_id").GetString().ShouldBe("m1");
        answer.GetProperty("offset").GetInt64().ShouldBe(1);
        answer.GetProperty("epoch").GetString().ShouldNotBeNullOrEmpty();
        answer.GetProperty("timestamp").GetDouble().ShouldBeGreaterThan(1e9);
        answer.GetProperty("nonce").GetString().ShouldBe("x");
        string delivered = await reader.NextTextAsync();
        delivered.ShouldStartWith("""{"topic":"news","message":{"n":1},"publisher":[],"message_id":"m1","offset":1,"timestamp":""");
        delivered.ShouldEndWith(""","producer":"p"}""");

        JsonElement again = await writer.AskAsync("""{"type":"PUBLISH","topic":"news","message":{"n": 1},"message_id":"m1"}""");
        again.GetProperty("duplicate").GetBoolean().ShouldBeTrue();
    }

    [Fact]
    public async Task Topics_succeed_or_fail_each_by_itself()
    {
        Topic secret = Topic.Echo("secret") with { Subscribers = TopicAccess.Authenticated };
        await using TopicSocketApplication application = await TopicSocketApplication.StartAsync(
            host, new HubOptions { UnknownTopics = UnknownTopics.Closed, Topics = [Topic.Echo("echo"), secret] });
        await using TopicSocketClient client = await application.ConnectAsync();
        JsonElement answer = await client.AskAsync("""{"type":"SUBSCRIBE","topics":["secret","echo","none","$x",""],"nonce":1}""");
        answer.GetProperty("success").GetRawText().ShouldBe("""["echo"]""");
        answer.GetProperty("errors").EnumerateArray().ShouldAllBe(error => error.ValueKind == JsonValueKind.String);
        answer.GetProperty("error_details").EnumerateArray().Select(detail => (detail.GetProperty("topic").GetString(), detail.GetProperty("code").GetString()))
            .ShouldBe([("secret", "unauthorized"), ("none", "topic_not_found"), ("$x", "invalid_field"), ("", "invalid_field")]);
        answer.GetProperty("errors").EnumerateArray().Select(error => error.GetString())
            .ShouldBe(answer.GetProperty("error_details").EnumerateArray().Select(detail => detail.GetProperty("message").GetString()));
        await client.SendAsync("""{"type":"PUBLISH","topic":"echo","message":1}""");
        JsonElement[] both = [await client.NextAsync(), await client.NextAsync()]; // The answer and the message, in either order.
        both.Count(frame => frame.TryGetProperty("message", out _)).ShouldBe(1);
    }

    [Fact]
    public async Task A_requests_own_authorization_counts_for_it_alone()
    {
        Topic secret = Topic.Echo("secret") with { Subscribers = TopicAccess.Authenticated, Publishers = TopicAccess.Authenticated, Filters = [TopicFilter.PublisherIdentity] };
        await using TopicSocketApplication application = await TopicSocketApplication.StartAsync(host, new HubOptions { Topics = [secret] });
        await using TopicSocketClient reader = await application.ConnectAsync();
        await using TopicSocketClient client = await application.ConnectAsync();
        const string Anna = """ "authorization":{"type":"name","token":"anna"} """;
        (await reader.AskAsync($$"""{"type":"SUBSCRIBE","topics":["secret.anna"],{{Anna}}}""")).GetProperty("success").GetRawText().ShouldBe("""["secret.anna"]""");
        (await client.AskAsync($$"""{"type":"PUBLISH","topic":"secret","message":1,{{Anna}}}""")).GetProperty("offset").GetInt64().ShouldBe(1);
        CodeOf(await client.AskAsync("""{"type":"PUBLISH","topic":"secret","message":2}""")).ShouldBe("unauthorized");
        CodeOf(await client.AskAsync("""{"type":"PUBLISH","topic":"secret","message":2,"authorization":{"type":"name","token":"eve"}}""")).ShouldBe("unauthorized");
        CodeOf(await client.AskAsync("""{"type":"SUBSCRIBE","topics":["secret"],"authorization":{"type":"name","token":"eve"}}""")).ShouldBe("unauthorized");
        (await reader.NextAsync()).GetProperty("publisher").GetRawText().ShouldBe("""["anna"]""");
    }

    [Fact]
    public async Task A_connection_can_be_authenticated_anew_and_loses_what_a_revoked_token_gave()
    {
        Topic secret = Topic.Echo("secret") with { Subscribers = TopicAccess.Authenticated };
        await using TopicSocketApplication application = await TopicSocketApplication.StartAsync(host, new HubOptions { Topics = [secret] });
        await using TopicSocketClient client = await application.ConnectAsync();
        CodeOf(await client.AskAsync("""{"type":"AUTHENTICATE","authorization":{"type":"name","token":"eve"}}""")).ShouldBe("unauthorized");
        await client.SendAsync("""{"type":"AUTHENTICATE","authorization":{"type":"name","token":"anna"},"nonce":1}""");
        (await client.NextTextAsync()).ShouldBe("""{"success":[],"errors":[],"identities":["anna"],"nonce":1}""");
        (await client.AskAsync("""{"type":"SUBSCRIBE","topics":["secret"]}""")).GetProperty("errors").GetArrayLength().ShouldBe(0);
        application.IsRevoked = true;
        JsonElement ended = await client.NextAsync();
        ended.GetProperty("type").GetString().ShouldBe("UNSUBSCRIBED");
        ended.GetProperty("topic").GetString().ShouldBe("secret");
        ended.GetProperty("code").GetString().ShouldBe("unauthorized");
        ended.GetProperty("message").GetString().ShouldNotBeNullOrEmpty();
    }

    [Fact]
    public async Task Subscribing_since_some_point_is_answered_before_the_kept_messages()
    {
        await using TopicSocketApplication application = await TopicSocketApplication.StartAsync(host);
        await using TopicSocketClient client = await application.ConnectAsync();
        for (int i = 1; i <= 5; i++)
        {
            await client.SendAsync($$"""{"type":"PUBLISH","topic":"t","message":{{i}}}""");
        }

        await client.SendAsync("""{"type":"SUBSCRIBE","topics":[{"topic":"t","since":"earliest"}],"nonce":6}""");
        for (int i = 1; i <= 5; i++)
        {
            (await client.NextAsync()).GetProperty("offset").GetInt64().ShouldBe(i); // The answers to the publishes, in their order.
        }

        JsonElement answer = await client.NextAsync();
        answer.GetProperty("nonce").GetInt32().ShouldBe(6);
        answer.GetProperty("starts").GetProperty("t").GetProperty("recovered").GetBoolean().ShouldBeTrue();
        for (int i = 1; i <= 5; i++)
        {
            (await client.NextAsync()).GetProperty("message").GetInt32().ShouldBe(i);
        }

        JsonElement gone = await client.AskAsync("""{"type":"SUBSCRIBE","topics":["t"],"since":{"epoch":"another","offset":3}}""");
        gone.GetProperty("starts").GetProperty("t").GetProperty("reason").GetString().ShouldBe("epoch_changed");
    }

    [Fact]
    public async Task Subscribing_since_a_position_or_a_time_gives_what_came_after_it()
    {
        var time = new ManualTimeProvider();
        await using TopicSocketApplication application = await TopicSocketApplication.StartAsync(host, time: time);
        await using TopicSocketClient client = await application.ConnectAsync();
        string epoch = string.Empty;
        double third = 0;
        for (int i = 1; i <= 4; i++)
        {
            JsonElement stored = await client.AskAsync($$"""{"type":"PUBLISH","topic":"t","message":{{i}}}""");
            epoch = stored.GetProperty("epoch").GetString()!;
            third = i == 3 ? stored.GetProperty("timestamp").GetDouble() : third;
            time.Advance(TimeSpan.FromSeconds(1));
        }

        foreach (string since in new[] { $$$"""{"epoch":"{{{epoch}}}","offset":2}""", string.Create(CultureInfo.InvariantCulture, $$$"""{"time":{{{third}}}}""") })
        {
            JsonElement answer = await client.AskAsync($$"""{"type":"SUBSCRIBE","topics":["other","t"],"since":{{since}}}""");
            answer.GetProperty("starts").GetProperty("t").GetRawText().ShouldBe($$"""{"recovered":true,"epoch":"{{epoch}}","offset":2}""");
            answer.GetProperty("starts").TryGetProperty("other", out _).ShouldBeTrue();
            (await client.NextAsync()).GetProperty("message").GetInt32().ShouldBe(3);
            (await client.NextAsync()).GetProperty("message").GetInt32().ShouldBe(4);
            await client.AskAsync("""{"type":"UNSUBSCRIBE","topics":["t"]}""");
        }
    }

    [Theory]
    [InlineData("epoch_changed", null, 2)]
    [InlineData("offset_unknown", "", 99)]
    [InlineData("history_gone", "", 0)]
    public async Task A_place_that_cannot_be_reached_is_told_with_the_reason(string reason, string? epoch, int offset)
    {
        await using TopicSocketApplication application = await TopicSocketApplication.StartAsync(host);
        await using TopicSocketClient client = await application.ConnectAsync();
        for (int i = 1; i <= 4; i++)
        {
            JsonElement stored = await client.AskAsync($$"""{"type":"PUBLISH","topic":"short","message":{{i}}}""");
            epoch = epoch is null ? epoch : stored.GetProperty("epoch").GetString();
        }

        JsonElement answer = await client.AskAsync($$$"""{"type":"SUBSCRIBE","topics":[{"topic":"short","since":{"epoch":"{{{epoch ?? "another"}}}","offset":{{{offset}}}}}]}""");

        JsonElement start = answer.GetProperty("starts").GetProperty("short");
        start.GetProperty("recovered").GetBoolean().ShouldBeFalse();
        start.GetProperty("reason").GetString().ShouldBe(reason);
        await using TopicSocketClient writer = await application.ConnectAsync();
        await writer.AskAsync("""{"type":"PUBLISH","topic":"short","message":5}""");
        foreach (int next in reason == "history_gone" ? [3, 4, 5] : new[] { 5 })
        {
            (await client.NextAsync()).GetProperty("message").GetInt32().ShouldBe(next);
        }
    }

    [Fact]
    public async Task What_was_unsubscribed_comes_no_more()
    {
        await using TopicSocketApplication application = await TopicSocketApplication.StartAsync(host);
        await using TopicSocketClient client = await application.ConnectAsync();
        await client.AskAsync("""{"type":"SUBSCRIBE","topics":["a","b"]}""");
        (await client.AskAsync("""{"type":"UNSUBSCRIBE","topics":["a","never"]}""")).GetProperty("success").GetRawText().ShouldBe("""["a","never"]""");
        await using TopicSocketClient writer = await application.ConnectAsync();
        await writer.AskAsync("""{"type":"PUBLISH","topic":"a","message":1}""");
        await writer.AskAsync("""{"type":"PUBLISH","topic":"b","message":2}""");

        (await client.NextAsync()).GetProperty("topic").GetString().ShouldBe("b");
    }

    [Fact]
    public async Task A_consumer_is_named_among_the_subscriptions()
    {
        await using TopicSocketApplication application = await TopicSocketApplication.StartAsync(host);
        await using TopicSocketClient client = await application.ConnectAsync();
        await client.AskAsync("""{"type":"SUBSCRIBE","topics":["t"],"consumer":"till 7"}""");

        (await application.GetAsync("/clients")).Json[0].GetProperty("consumer").GetString().ShouldBe("till 7");
    }

    [Fact]
    public async Task A_token_that_ends_says_when_and_is_told_when_it_has()
    {
        var time = new ManualTimeProvider();
        Topic secret = Topic.Echo("secret") with { Subscribers = TopicAccess.Authenticated };
        await using TopicSocketApplication application = await TopicSocketApplication.StartAsync(host, new HubOptions { Topics = [secret] }, StillSockets, time: time);
        application.ExpiresAt = time.GetUtcNow().AddHours(1);
        await using TopicSocketClient client = await application.ConnectAsync();
        JsonElement answer = await client.AskAsync("""{"type":"AUTHENTICATE","authorization":{"type":"name","token":"anna"}}""");
        answer.GetProperty("expires_at").GetDouble().ShouldBe(application.ExpiresAt.Value.ToUnixTimeSeconds());
        await client.AskAsync("""{"type":"SUBSCRIBE","topics":["secret"]}""");

        time.Advance(TimeSpan.FromHours(1));
        time.Advance(TimeSpan.FromSeconds(25));

        JsonElement ended = await client.NextAsync();
        (ended.GetProperty("type").GetString(), ended.GetProperty("topic").GetString(), ended.GetProperty("code").GetString()).ShouldBe(("UNSUBSCRIBED", "secret", "unauthorized"));
        (await client.AskAsync("""{"type":"PING"}""")).GetProperty("type").GetString().ShouldBe("PONG");
    }

    [Fact]
    public async Task What_was_consumed_is_recorded_once()
    {
        await using TopicSocketApplication application = await TopicSocketApplication.StartAsync(host);
        await using TopicSocketClient client = await application.ConnectAsync();
        const string Consumed = """{"type":"CONSUMED","consumer":"c","topic":"t","message_id":"m","nonce":1}""";
        await client.SendAsync(Consumed);
        (await client.NextTextAsync()).ShouldBe("""{"success":["t"],"errors":[],"nonce":1}""");
        (await client.AskAsync(Consumed)).GetProperty("duplicate").GetBoolean().ShouldBeTrue();
    }

    [Fact]
    public async Task Answers_come_in_the_order_of_the_requests()
    {
        await using TopicSocketApplication application = await TopicSocketApplication.StartAsync(host);
        await using TopicSocketClient client = await application.ConnectAsync();
        string[] kinds = ["\"PING\"", "\"PUBLISH\",\"topic\":\"t\",\"message\":1", "\"UNSUBSCRIBE\",\"topics\":[\"x\"]", "\"NONE\"", "\"SUBSCRIBE\",\"topics\":[\"x\"]"];
        for (int i = 0; i < 500; i++)
        {
            await client.SendAsync($$"""{"type":{{kinds[i % kinds.Length]}},"nonce":{{i}}}""");
        }

        for (int i = 0; i < 500; i++)
        {
            (await client.NextAsync()).GetProperty("nonce").GetInt32().ShouldBe(i);
        }
    }

    [Theory]
    [InlineData("carillon.json", "unknown", "carillon.json", "carillon.ndjson")]
    [InlineData("carillon.ndjson", "carillon.ndjson", "carillon.json")]
    [InlineData(null, "unknown")]
    [InlineData(null)]
    public async Task The_first_subprotocol_that_is_known_is_chosen(string? chosen, params string[] offered)
    {
        await using TopicSocketApplication application = await TopicSocketApplication.StartAsync(host);
        await using TopicSocketClient writer = await application.ConnectAsync();
        for (int i = 1; i <= 3; i++)
        {
            await writer.AskAsync($$"""{"type":"PUBLISH","topic":"t","message":{{i}}}""");
        }

        await using TopicSocketClient client = await application.ConnectAsync(offered);
        client.Subprotocol.ShouldBe(chosen);
        await client.AskAsync("""{"type":"SUBSCRIBE","topics":["t"],"since":"earliest"}""");
        (await client.NextTextAsync()).Split('\n').Length.ShouldBe(chosen == "carillon.ndjson" ? 3 : 1);
    }

    [Fact]
    public async Task In_the_packed_subprotocol_lines_are_messages_both_ways()
    {
        await using TopicSocketApplication application = await TopicSocketApplication.StartAsync(host);
        await using TopicSocketClient client = await application.ConnectAsync("unknown.protocol", "carillon.ndjson", "carillon.json");
        client.Subprotocol.ShouldBe("carillon.ndjson");
        await client.SendAsync(string.Join('\n', Enumerable.Range(1, 20).Select(i => $$"""{"type":"PUBLISH","topic":"t","message":"line\n{{i}}"}""")) + "\n\r\n");
        for (int i = 1; i <= 20; i++)
        {
            (await client.NextAsync()).GetProperty("offset").GetInt64().ShouldBe(i);
        }

        await client.AskAsync("""{"type":"SUBSCRIBE","topics":["t"],"since":"earliest"}""");
        string[] lines = (await client.NextTextAsync()).Split('\n');
        lines.Length.ShouldBe(20);
        lines.Select(line => JsonElement.Parse(line).GetProperty("offset").GetInt64()).ShouldBe(Enumerable.Range(1, 20).Select(i => (long)i));
    }

    [Fact]
    public async Task Stopping_closes_with_going_away_and_foreign_origins_stay_out()
    {
        await using TopicSocketApplication application = await TopicSocketApplication.StartAsync(host);
        (await application.RefusalAsync(("Origin", "https://evil.example"))).ShouldBe(System.Net.HttpStatusCode.Forbidden);
        await using TopicSocketClient client = await application.ConnectAsync();
        await client.AskAsync("""{"type":"PING"}""");
        Task stop = application.StopAsync();
        (await client.ClosedAsync()).Code.ShouldBe(1001);
        await stop;
    }

    private static string? CodeOf(JsonElement answer) => answer.GetProperty("error_details")[0].GetProperty("code").GetString();
}
