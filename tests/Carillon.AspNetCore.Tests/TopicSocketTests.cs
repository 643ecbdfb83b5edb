using System.Text.Json;
using Carillon.Engines.Conformance;
using Carillon.Hubs;
using Carillon.Publishing;
using Carillon.Topics;
using Shouldly;
using Xunit;

namespace Carillon.AspNetCore.Tests;

public sealed class TopicSocketTests : IAsyncLifetime
{
    private HubApplication _app = null!;

    public static TheoryData<string, string, string, string?> Wrong => new()
    {
        { "subscribe", "{}", "missing_field", "topic" },
        { "subscribe", "null", "invalid_json", null },
        { "subscribe", "\"T\"", "invalid_json", null },
        { "subscribe", """{"topic":5}""", "invalid_field", "topic" },
        { "subscribe", """{"topic":"a\nb"}""", "invalid_field", "topic" },
        { "subscribe", """{"topic":"disconnect"}""", "invalid_field", "topic" },
        { "subscribe", """{"topics":["a"]}""", "missing_field", "consumer" },
        { "subscribe", """{"consumer":"c","topics":"a"}""", "invalid_field", "topics" },
        { "subscribe", """{"consumer":"c","topics":[]}""", "invalid_field", "topics" },
        { "subscribe", """{"consumer":"c","topics":["a",1]}""", "invalid_field", "topics[1]" },
        { "subscribe", """{"consumer":"c","topics":["a",""]}""", "invalid_field", "topics[1]" },
        { "subscribe", """{"consumer":5,"topics":["a"]}""", "invalid_field", "consumer" },
        { "subscribe", """{"consumer":"c","topics":["a"],"topic":"b"}""", "invalid_field", "topics" },
        { "subscribe", """{"topic":"a","since":"latest"}""", "invalid_field", "since" },
        { "subscribe", """{"topic":"a","since":5}""", "invalid_field", "since" },
        { "subscribe", """{"topic":"a","since":{}}""", "invalid_field", "since" },
        { "subscribe", """{"topic":"a","since":{"epoch":"e"}}""", "invalid_field", "since" },
        { "subscribe", """{"topic":"a","since":{"epoch":"e","offset":-1}}""", "invalid_field", "since" },
        { "subscribe", """{"topic":"a","since":{"epoch":"e","offset":1.5}}""", "invalid_field", "since" },
        { "subscribe", """{"topic":"a","since":{"epoch":"\ud800","offset":1}}""", "invalid_field", "since" },
        { "subscribe", """{"topic":"a","since":{"epoch":"e","offset":1,"time":2}}""", "invalid_field", "since" },
        { "subscribe", """{"topic":"a","since":{"time":"now"}}""", "invalid_field", "since" },
        { "subscribe", """{"topic":"a","since":{"time":1e300}}""", "invalid_field", "since" },
        { "subscribe", """{"topic":"a.*","since":"earliest"}""", "invalid_field", "since" },
        { "subscribe", """{"topic":"a.>.b"}""", "invalid_field", "topic" },
        { "subscribe", """{"consumer":"c","topics":[{"topic":5}]}""", "invalid_field", "topics[0].topic" },
        { "subscribe", """{"consumer":"c","topics":["a",{"topic":"b","since":7}]}""", "invalid_field", "topics[1].since" },
        { "subscribe", """{"consumer":"c","topics":[{"topic":"a","topic":"b"}]}""", "duplicate_key", "topics" },
        { "publish", """{"topic":"a.*","message":1}""", "invalid_field", "topic" },
        { "unsubscribe", "{}", "missing_field", "topic" },
        { "publish", """{"topic":"a"}""", "missing_field", "message" },
        { "publish", """{"topic":"a","message":{"x":1,"x":2}}""", "duplicate_key", "message" },
        { "consumed", """{"topic":"a","message_id":"m"}""", "missing_field", "consumer" },
        { "consumed", """{"consumer":"c","message_id":"m"}""", "missing_field", "topic" },
        { "consumed", """{"consumer":"c","topic":"a"}""", "missing_field", "message_id" },
        { "consumed", """{"consumer":"c","topic":"a","message_id":7}""", "invalid_field", "message_id" },
    };

    public async ValueTask InitializeAsync() => _app = await HubApplication.StartAsync();

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Theory]
    [MemberData(nameof(Wrong))]
    public async Task An_event_that_is_wrong_is_acknowledged_with_its_error_and_the_socket_stays(string name, string argument, string code, string? field)
    {
        await using SocketClient client = await SocketClient.ConnectAsync(_app);

        JsonElement answer = await client.EmitAsync(name, argument);

        answer.GetProperty("status").GetString().ShouldBe("error");
        answer.GetProperty("code").GetString().ShouldBe(code);
        (answer.TryGetProperty("field", out JsonElement named) ? named.GetString() : null).ShouldBe(field);
        _app.Hub.TopicCount.ShouldBe(0);
        (await client.EmitAsync("subscribe", """{"topic":"t"}""")).GetProperty("status").GetString().ShouldBe("ok");
    }

    [Fact]
    public async Task Subscribe_in_room_style_gets_the_event_named_like_the_topic_with_one_argument()
    {
        await using SocketClient client = await SocketClient.ConnectAsync(_app);
        await client.EmitAsync("subscribe", """{"topic":"it's \"é\""}""");

        await _app.PublishAsync("""{"topic":"it's \"é\"","message":{"n" : 1e400},"message_id":"m"}""");

        (await client.NextEventAsync()).ShouldBe("""["it's \"é\"",{"message":{"n":1e400}}]""");
    }

    [Fact]
    public async Task Subscribe_since_a_position_is_told_where_it_begins_and_gets_what_is_kept_then_what_comes()
    {
        string epoch = string.Empty;
        for (int i = 1; i <= 5; i++)
        {
            epoch = (await _app.PublishAsync($$"""{"topic":"t","message":{{i}}}"""))["epoch"]!;
        }

        await using SocketClient client = await SocketClient.ConnectAsync(_app);
        JsonElement answer = await client.EmitAsync("subscribe", $$$"""{"topic":"t","since":{"epoch":"{{{epoch}}}","offset":3}}""");

        answer.GetProperty("starts").GetRawText().ShouldBe($$$"""{"t":{"recovered":true,"epoch":"{{{epoch}}}","offset":3}}""");
        await _app.PublishAsync("""{"topic":"t","message":6}""");
        foreach (int message in new[] { 4, 5, 6 })
        {
            (await client.NextEventAsync()).ShouldBe($$"""["t",{"message":{{message}}}]""");
        }
    }

    [Fact]
    public async Task Subscribe_since_a_position_of_another_history_is_told_so()
    {
        await _app.PublishAsync("""{"topic":"t","message":1}""");
        await using SocketClient client = await SocketClient.ConnectAsync(_app);

        JsonElement answer = await client.EmitAsync("subscribe", """{"consumer":"c","topics":["u",{"topic":"t","since":{"epoch":"old","offset":7}}]}""");

        JsonElement start = answer.GetProperty("starts").EnumerateObject().ShouldHaveSingleItem().Value;
        (start.GetProperty("recovered").GetBoolean(), start.GetProperty("reason").GetString()).ShouldBe((false, "epoch_changed"));
    }

    [Fact]
    public async Task Subscribe_to_a_pattern_gets_the_topics_that_match_each_message_once()
    {
        await using SocketClient client = await SocketClient.ConnectAsync(_app);
        await client.EmitAsync("subscribe", """{"topic":"orders.*"}""");
        await client.EmitAsync("subscribe", """{"topic":">"}""");

        await _app.PublishAsync("""{"topic":"orders.new","message":1}""");
        await _app.PublishAsync("""{"topic":"disconnect","message":2}""");

        (await client.NextEventAsync()).ShouldBe("""["orders.new",{"message":1}]""");
        (await client.NextEventAsync()).ShouldStartWith("""["message",{"topic":"disconnect",""");
    }

    [Fact]
    public async Task Subscribe_in_consumer_style_confirms_each_topic_and_gets_whole_messages()
    {
        await using SocketClient client = await SocketClient.ConnectAsync(_app);
        await client.EmitAsync("subscribe", """{"consumer":"c","topics":["a","b"]}""");
        foreach (string topic in new[] { "a", "b" })
        {
            JsonElement confirmation = JsonElement.Parse(await client.NextEventAsync())[1];
            confirmation.GetProperty("topic").GetString().ShouldBe(topic);
            confirmation.GetProperty("message_id").GetString().ShouldNotBeNull().ShouldMatch(@"^sub_conf_\d{10}$");
            confirmation.GetProperty("message").GetString().ShouldBe($"Subscribed to {topic}");
            confirmation.GetProperty("producer").GetString().ShouldBe("server");
        }

        await _app.PublishAsync("""{"topic":"b","message":[1],"message_id":"m","producer":"p"}""");

        string text = await client.NextEventAsync();
        text.ShouldStartWith("""["message",{"topic":"b","message_id":"m","message":[1],"producer":"p",""");
        JsonElement.Parse(text)[1].GetProperty("offset").GetInt64().ShouldBe(1);
    }

    [Fact]
    public async Task Subscribe_again_in_the_other_style_replaces_the_first()
    {
        await using SocketClient client = await SocketClient.ConnectAsync(_app);
        await client.EmitAsync("subscribe", """{"topic":"t"}""");
        await client.EmitAsync("subscribe", """{"consumer":"c","topics":["t"]}""");
        (await client.NextEventAsync()).ShouldContain("sub_conf_");

        await _app.PublishAsync("""{"topic":"t","message":1}""");
        await _app.PublishAsync("""{"topic":"t","message":2}""");

        (await client.NextEventAsync()).ShouldStartWith("""["message",{"topic":"t","message_id":""");
        (await client.NextEventAsync()).ShouldContain("\"message\":2");
        (await _app.GetAsync("/clients")).Json.EnumerateArray().Single().GetProperty("consumer").GetString().ShouldBe("c");
    }

    [Fact]
    public async Task Publish_as_an_event_keeps_the_order_of_the_events_and_answers_each()
    {
        await using SocketClient client = await SocketClient.ConnectAsync(_app);
        for (int i = 0; i < 600; i++)
        {
            await client.SendAsync($$"""42["publish",{"topic":"t","message":{{i}}}]""");
        }

        JsonElement last = await client.EmitAsync("publish", """{"topic":"t","message":600,"message_id":"last","producer":"p"}""");

        last.GetProperty("status").GetString().ShouldBe("ok");
        last.GetProperty("offset").GetInt64().ShouldBe(601);
        JsonElement rows = (await _app.GetAsync("/messages?topic=t&after=0&order=asc&limit=1000")).Json;
        rows.EnumerateArray().Select(row => row.GetProperty("message").GetInt32()).ShouldBe(Enumerable.Range(0, 601));
    }

    [Theory]
    [InlineData(20_000, 10)]
    [InlineData(64, 60_000)]
    public async Task A_burst_far_beyond_an_outbox_reaches_a_subscriber_that_reads(int messages, int bytes)
    {
        await using SocketClient client = await SocketClient.ConnectAsync(_app);
        await client.EmitAsync("subscribe", """{"topic":"t"}""");
        byte[] payload = [(byte)'"', .. Enumerable.Repeat((byte)'a', bytes), (byte)'"'];
        var request = new PublishRequest { Topic = TopicName.Create("t"), Payload = payload };

        Task publishing = Task.Run(async () =>
        {
            for (int i = 0; i < messages; i++)
            {
                (await _app.Hub.PublishAsync(request, CancellationToken.None)).Accepted.ShouldBeTrue();
            }
        });

        for (int i = 0; i < messages; i++)
        {
            (await client.NextEventAsync()).Length.ShouldBe(bytes + 20);
        }

        await publishing;
    }

    [Fact]
    public async Task Consumed_twice_is_recorded_once()
    {
        await using SocketClient client = await SocketClient.ConnectAsync(_app);
        const string Consumed = """{"consumer":"c","topic":"t","message_id":"m","message":{"a":1}}""";

        JsonElement first = await client.EmitAsync("consumed", Consumed);
        JsonElement second = await client.EmitAsync("consumed", Consumed);

        first.TryGetProperty("duplicate", out _).ShouldBeFalse();
        second.GetProperty("duplicate").GetBoolean().ShouldBeTrue();
        (await _app.GetAsync("/consumptions")).Json.GetArrayLength().ShouldBe(1);
    }

    [Fact]
    public async Task A_monitor_sees_everything_and_an_ordinary_socket_nothing_of_it()
    {
        await using SocketClient monitor = await SocketClient.ConnectAsync(_app, "/monitor");
        await using SocketClient client = await SocketClient.ConnectAsync(_app);
        await using SocketClient bystander = await SocketClient.ConnectAsync(_app);
        await client.EmitAsync("subscribe", """{"consumer":"c","topics":["t"]}""");
        await _app.PublishAsync("""{"topic":"t","message":1,"message_id":"m","producer":"p"}""");
        (await client.NextEventAsync()).ShouldContain("sub_conf_");
        (await client.NextEventAsync()).ShouldContain("\"message\":1");
        await client.EmitAsync("consumed", """{"consumer":"c","topic":"t","message_id":"m","message":1,"extra":[2]}""");
        await client.EmitAsync("unsubscribe", """{"topic":"t"}""");

        (await monitor.NextEventAsync()).ShouldStartWith("""/monitor,["new_client",{"consumer":"c","topic":"t","connected_at":""");
        (await monitor.NextEventAsync()).ShouldStartWith("""/monitor,["new_message",{"topic":"t","message_id":"m","message":1,"producer":"p","timestamp":""");
        (await monitor.NextEventAsync()).ShouldBe("""/monitor,["consumed",{"consumer":"c","topic":"t","message_id":"m","message":1,"extra":[2]}]""");
        (await monitor.NextEventAsync()).ShouldStartWith("""/monitor,["new_consumption",{"consumer":"c","topic":"t","message_id":"m","message":1,"timestamp":""");
        (await monitor.NextEventAsync()).ShouldStartWith("""/monitor,["client_disconnected",{"consumer":"c","topic":"t",""");

        // Whatever had been sent to the bystander would stand before this answer.
        await bystander.EmitAsync("subscribe", """{"consumer":"b","topics":["other"]}""");
        (await bystander.NextEventAsync()).ShouldContain("Subscribed to other");
    }

    [Fact]
    public async Task A_monitor_is_refused_where_monitoring_is_off()
    {
        await using HubApplication app = await HubApplication.StartAsync(new HubOptions { Monitoring = MonitoringAccess.Off });

        await using SocketClient monitor = await SocketClient.ConnectAsync(app, "/monitor");

        monitor.Joined.ShouldStartWith("44/monitor,{\"message\":\"Monitoring is not allowed");
    }

    [Fact]
    public async Task A_socket_that_leaves_leaves_no_subscription()
    {
        SocketClient client = await SocketClient.ConnectAsync(_app);
        await client.EmitAsync("subscribe", """{"topic":"a"}""");
        await client.EmitAsync("subscribe", """{"consumer":"c","topics":["b","d"]}""");
        (await _app.GetAsync("/clients")).Json.GetArrayLength().ShouldBe(3);

        await client.DisposeAsync();

        await Eventually.HoldsAsync(async () => (await _app.GetAsync("/clients")).Text == "[]", "the subscriptions leave /clients");
        _app.Hub.Metrics.Sessions.ShouldBe(0);
    }
}
