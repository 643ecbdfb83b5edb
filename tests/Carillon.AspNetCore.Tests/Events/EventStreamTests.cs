using System.Net;
using Carillon.Access;
using Carillon.AspNetCore.Events;
using Carillon.Connections;
using Carillon.Engines;
using Carillon.Engines.Conformance;
using Carillon.Hubs;
using Carillon.Topics;
using Carillon.Topics.Filters;
using Shouldly;
using Xunit;

namespace Carillon.AspNetCore.Tests.Events;

public sealed class EventStreamTests : IAsyncLifetime
{
    private static readonly HubOptions Hub = new()
    {
        Monitors = TopicAccess.Anyone,
        Topics =
        [
            new Topic { Name = TopicName.Create("guarded"), Subscribers = TopicAccess.ApiKeys("reader") },
            new Topic { Name = TopicName.Create("last"), RetainLast = true },
            new Topic { Name = TopicName.Create("brief"), Ephemeral = true },
            new Topic { Name = TopicName.Create("words"), Filters = [TopicFilter.Custom(static message => message.MessageId.Split('-'))] },
        ],
    };

    private EventApplication _app = null!;

    public async ValueTask InitializeAsync() => _app = await EventApplication.StartAsync(Hub);

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Stream_gives_messages_without_a_name_and_everything_else_with_one(int protocol)
    {
        await using EventClient client = await _app.OpenAsync(protocol, "topic=t");
        client.Response.StatusCode.ShouldBe(HttpStatusCode.OK);
        client.Response.Version.Major.ShouldBe(protocol);
        client.Response.Content.Headers.ContentType!.ToString().ShouldBe("text/event-stream");
        client.Response.Headers.CacheControl!.NoStore.ShouldBeTrue();
        ReceivedEvent subscribed = await client.NextAsync("subscribed");

        await _app.PublishAsync("t", """{"a":"é\n"}""", "m1");

        ReceivedEvent message = await client.NextAsync("message");
        client.Retry.ShouldBe("2000");
        subscribed["topic"].ShouldBe("t");
        subscribed["recovered"].ShouldBe("True");
        subscribed["offset"].ShouldBe("0");
        subscribed["epoch"].ShouldNotBeNullOrEmpty();
        message["topic"].ShouldBe("t");
        message["message_id"].ShouldBe("m1");
        message["offset"].ShouldBe("1");
        message["publisher"].ShouldBe("[]");
        message.Json.GetProperty("message").GetRawText().ShouldBe("""{"a":"é\n"}""");
        message.LastEventId.ShouldNotBe(subscribed.LastEventId);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Last_event_id_resumes_every_topic_of_the_stream(int protocol)
    {
        string id;
        await using (EventClient first = await _app.OpenAsync(protocol, "topic=a&topic=b&topic=c"))
        {
            for (int i = 0; i < 3; i++)
            {
                await first.NextAsync("subscribed");
            }

            await _app.PublishAsync("a", "1");
            await first.NextAsync("message");
            await _app.PublishAsync("b", "2");
            id = (await first.NextAsync("message")).LastEventId;
        }

        await _app.PublishAsync("a", "3");
        await _app.PublishAsync("b", "4");
        await _app.PublishAsync("c", "5");
        await using EventClient second = await _app.OpenAsync(protocol, "topic=c&topic=a&topic=b", ("Last-Event-ID", id));

        List<ReceivedEvent> received = [];
        while (received.Count < 6)
        {
            received.Add((await second.NextAsync()).ShouldNotBeNull());
        }

        received.Where(e => e.Name == "subscribed").ShouldAllBe(e => e["recovered"] == "True");
        received.Where(e => e.Name == "message").Select(e => e["message"]).ShouldBe(["3", "4", "5"], ignoreOrder: true);
    }

    [Fact]
    public async Task Id_of_the_first_event_is_enough_to_miss_nothing()
    {
        await using EventClient first = await _app.ListenAsync("topic=t");
        await _app.PublishAsync("t", "1");

        await using EventClient second = await _app.ListenAsync("topic=t", ("Last-Event-ID", first.LastEventId));

        (await second.NextAsync("message"))["message"].ShouldBe("1");
    }

    [Theory]
    [InlineData("earliest", "1")]
    [InlineData("0", "1")]
    [InlineData("1700000000.5", "1")]
    public async Task Since_gives_what_is_kept(string since, string first)
    {
        await _app.PublishAsync("t", "1");
        await _app.PublishAsync("t", "2");

        await using EventClient client = await _app.ListenAsync($"topic=t&since={since}");

        (await client.NextAsync("message"))["message"].ShouldBe(first);
        (await client.NextAsync("message"))["message"].ShouldBe("2");
    }

    [Fact]
    public async Task Since_takes_an_id_as_the_header_does_and_the_header_counts()
    {
        await using EventClient begin = await _app.ListenAsync("topic=t");
        await _app.PublishAsync("t", "1");
        await begin.NextAsync("message");
        await _app.PublishAsync("t", "2");

        await using EventClient byParameter = await _app.ListenAsync($"topic=t&since={begin.LastEventId}");
        await using EventClient byHeader = await _app.ListenAsync("topic=t&since=earliest", ("Last-Event-ID", begin.LastEventId));

        (await byParameter.NextAsync("message"))["message"].ShouldBe("2");
        (await byHeader.NextAsync("message"))["message"].ShouldBe("2");
    }

    [Theory]
    [InlineData("other", 1, "epoch_changed")]
    [InlineData(null, 99, "offset_unknown")]
    [InlineData(null, 0, "history_gone")]
    public async Task Place_that_cannot_be_reached_is_told_with_the_reason(string? epoch, int offset, string reason)
    {
        for (int i = 0; i < 5; i++)
        {
            await _app.PublishAsync("short", "1");
        }

        TopicHistory history = (await _app.Hub.DescribeAsync(TopicName.Create("short"), CancellationToken.None))!;
        string id = $"{EventId.Prefix}{EventId.PartOf(EventKey.Of(TopicName.Create("short")), epoch ?? history.Epoch)}{offset}";

        await using EventClient client = await _app.OpenAsync("topic=short", ("Last-Event-ID", id));

        ReceivedEvent subscribed = await client.NextAsync("subscribed");
        subscribed["recovered"].ShouldBe("False");
        subscribed["reason"].ShouldBe(reason);
    }

    [Fact]
    public async Task Retained_last_message_comes_first()
    {
        await _app.PublishAsync("last", "1");
        await _app.PublishAsync("last", "2");

        await using EventClient client = await _app.ListenAsync("topic=last");
        await _app.PublishAsync("last", "3");

        (await client.NextAsync("message"))["message"].ShouldBe("2");
        (await client.NextAsync("message"))["message"].ShouldBe("3");
    }

    [Fact]
    public async Task Ephemeral_topic_has_ids_that_tell_what_is_missing()
    {
        await using EventClient first = await _app.ListenAsync("topic=brief");
        await _app.PublishAsync("brief", "1");
        await first.NextAsync("message");

        await using EventClient missingNothing = await _app.OpenAsync("topic=brief", ("Last-Event-ID", first.LastEventId));
        (await missingNothing.NextAsync("subscribed"))["recovered"].ShouldBe("True");
        await _app.PublishAsync("brief", "2");
        await _app.PublishAsync("brief", "3");

        await using EventClient missingOne = await _app.OpenAsync("topic=brief", ("Last-Event-ID", first.LastEventId));
        (await missingOne.NextAsync("subscribed"))["reason"].ShouldBe("history_gone");
    }

    [Fact]
    public async Task Patterns_and_filters_select_and_give_each_message_once()
    {
        await using EventClient client = await _app.ListenAsync("topic=x.*&topic=x.a&topic=words.red&topic=words.blue");

        await _app.PublishAsync("x.a", "1");
        (await client.NextAsync("message"))["topic"].ShouldBe("x.a");
        await _app.PublishAsync("x.b", "2");
        (await client.NextAsync("message"))["topic"].ShouldBe("x.b");
        await _app.PublishAsync("words", "3", "green");
        await _app.PublishAsync("words", "4", "red-blue");
        (await client.NextAsync("message"))["message"].ShouldBe("4");
        await _app.PublishAsync("words", "5", "blue");
        (await client.NextAsync("message"))["message"].ShouldBe("5");
    }

    [Fact]
    public async Task Pattern_says_that_it_cannot_resume()
    {
        await using EventClient first = await _app.ListenAsync("topic=t&topic=x.>");

        await using EventClient second = await _app.OpenAsync("topic=x.>&topic=t", ("Last-Event-ID", first.LastEventId));

        ReceivedEvent pattern = await second.NextAsync("subscribed");
        pattern["topic"].ShouldBe("x.>");
        pattern["recovered"].ShouldBe("False");
        pattern["reason"].ShouldBe("pattern");
        (await second.NextAsync("subscribed"))["recovered"].ShouldBe("True");
    }

    [Fact]
    public async Task Pattern_asked_for_kept_messages_says_that_it_has_none()
    {
        await _app.PublishAsync("x.a", "1");

        await using EventClient client = await _app.OpenAsync("topic=x.>&since=earliest");

        ReceivedEvent pattern = await client.NextAsync("subscribed");
        pattern["recovered"].ShouldBe("False");
        pattern["reason"].ShouldBe("pattern");
    }

    [Fact]
    public async Task Heartbeat_is_a_comment()
    {
        await using EventApplication app = await EventApplication.StartAsync(options: new EventStreamOptions { HeartbeatInterval = TimeSpan.FromMilliseconds(50) });
        await using EventClient client = await app.ListenAsync("topic=t");

        await client.CommentAsync();
        await client.CommentAsync();
        await app.PublishAsync("t", "1");

        (await client.NextAsync("message"))["message"].ShouldBe("1");
    }

    [Fact]
    public async Task Heartbeat_comes_when_nothing_was_sent_for_25_seconds()
    {
        var time = new ManualTimeProvider();
        await using EventApplication app = await EventApplication.StartAsync(time: time);
        await using EventClient client = await app.ListenAsync("topic=t");
        Task comment = client.CommentAsync();
        long silentSince = time.GetTimestamp();

        while (!comment.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(0.5));
            await Task.Delay(1);
        }

        await comment;
        time.GetElapsedTime(silentSince).ShouldBeGreaterThan(TimeSpan.FromSeconds(25));
    }

    [Fact]
    public async Task Client_that_does_not_read_is_cut_off_and_loses_nothing()
    {
        var outbox = new OutboxOptions { MaxBytes = 640 * 1024, BurstTime = TimeSpan.FromMilliseconds(500) };
        await using EventApplication app = await EventApplication.StartAsync(options: new EventStreamOptions { Outbox = outbox });
        await using EventClient slow = await app.ListenAsync("topic=t");
        await using EventClient good = await app.ListenAsync("topic=t");
        string payload = $"\"{new string('x', 100_000)}\"";
        for (int message = 0; message < 200; message++)
        {
            await app.PublishAsync("t", payload);
            await good.NextAsync("message"); // At its pace, so that only the other one is slow, on the busiest machine.
        }

        for (int i = 0; app.Hub.CountSubscriptions(TopicName.Create("t")) > 1; i++)
        {
            i.ShouldBeLessThan(400);
            await Task.Delay(25);
        }

        int read = await ReadToEndAsync(slow);

        read.ShouldBeLessThan(200);
        string lastId = slow.LastEventId;
        await using EventClient back = await app.ListenAsync("topic=t", ("Last-Event-ID", lastId));
        (await CountAsync(back, 200 - read)).ShouldBe(200 - read);
    }

    [Fact]
    public async Task Server_that_stops_ends_streams_in_order()
    {
        await using EventClient client = await _app.ListenAsync("topic=t");
        await _app.PublishAsync("t", "1");

        (await client.NextAsync("message"))["message"].ShouldBe("1");
        Task stopping = _app.StopAsync();

        (await client.NextAsync()).ShouldBeNull();
        await stopping.WaitAsync(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task Client_that_leaves_is_forgotten()
    {
        await using (EventClient client = await _app.ListenAsync("topic=t"))
        {
            (await _app.GetAsync("/clients")).Json.GetArrayLength().ShouldBe(1);
        }

        for (int i = 0; (await _app.GetAsync("/clients")).Json.GetArrayLength() > 0; i++)
        {
            i.ShouldBeLessThan(400);
            await Task.Delay(25);
        }
    }

    [Fact]
    public async Task Streams_beyond_the_limit_are_refused()
    {
        await using EventApplication app = await EventApplication.StartAsync(options: new EventStreamOptions { MaxStreams = 1 });
        await using EventClient client = await app.ListenAsync("topic=t");

        (await app.GetAsync("/events?topic=t")).Status.ShouldBe(HttpStatusCode.ServiceUnavailable);
    }

    [Fact]
    public async Task Topics_that_are_not_allowed_are_refused_beside_those_that_are()
    {
        await using EventClient client = await _app.OpenAsync("topic=guarded&topic=t");

        ReceivedEvent refused = await client.NextAsync("refused");
        refused["topic"].ShouldBe("guarded");
        refused["code"].ShouldBe("unauthorized");
        (await client.NextAsync("subscribed"))["topic"].ShouldBe("t");
    }

    [Fact]
    public async Task Stream_of_nothing_allowed_does_not_begin()
    {
        (await _app.GetAsync("/events?topic=guarded")).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await _app.GetAsync("/events?topic=guarded", ("Authorization", $"Bearer {EventApplication.SecretOf("other")}"))).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await _app.GetAsync("/events?topic=t", ("Authorization", "Bearer wrong"))).Status.ShouldBe(HttpStatusCode.Unauthorized);
        await using EventClient allowed = await _app.OpenAsync("topic=guarded", ("Authorization", $"Bearer {EventApplication.SecretOf("reader")}"));
        (await allowed.NextAsync("subscribed"))["topic"].ShouldBe("guarded");
    }

    [Fact]
    public async Task Topic_that_is_taken_away_is_told_and_the_last_one_ends_the_stream()
    {
        await using EventClient client = await _app.ListenAsync("topic=t");

        await _app.Hub.RemoveTopicAsync(TopicName.Create("t"));

        (await client.NextAsync("unsubscribed"))["code"].ShouldBe("topic_not_found");
        (await client.NextAsync()).ShouldBeNull();
    }

    private static async Task<int> CountAsync(EventClient client, int messages)
    {
        int count = 0;
        while (count < messages && await client.NextAsync() is { Name: "message" })
        {
            count++;
        }

        return count;
    }

    private static async Task<int> ReadToEndAsync(EventClient client)
    {
        int count = 0;
        try
        {
            while (await client.NextAsync() is not null)
            {
                count++;
            }
        }
        catch (Exception cut) when (cut is HttpRequestException or IOException)
        {
            return count; // Cut off in the middle of an event, which does not count.
        }

        return count;
    }
}
