using System.Text.Json;
using System.Text.Json.Nodes;
using Carillon.Interop.Tests.Clients;
using Carillon.Interop.Tests.Http;
using Carillon.Interop.Tests.Servers;

namespace Carillon.Interop.Tests.Durable;

/// <summary>Durable-style subscribers: confirmations and messages come as the event <c>message</c>.</summary>
public sealed class DurableDeliveryTests(SharedProcesses shared)
{
    [Theory]
    [EveryClient]
    public async Task Each_topic_of_a_subscription_is_confirmed(ClientKind kind)
    {
        string[] topics = [Names.Topic("notifications"), Names.Topic("private-messages")];
        await using var client = await shared.ConnectAsync(kind);

        await client.SubscribeAsync(Names.Consumer(), topics);

        foreach (var topic in topics)
        {
            var confirmation = (await client.WaitForAsync(e => e.IsConfirmationOf(topic), "the confirmation")).Data;
            confirmation.Text("message").ShouldBe($"Subscribed to {topic}");
            confirmation.Text("producer").ShouldBe("server");
            confirmation.Text("message_id")!.ShouldMatch(@"^sub_conf_\d{10}$");
            var seconds = long.Parse(confirmation.Text("message_id")!["sub_conf_".Length..]);
            JsonElement.Parse($"{seconds}").ShouldBeATimeOfNow();
        }

        client.Events.Count.ShouldBe(topics.Length);
    }

    [Theory]
    [EveryClient]
    public async Task A_published_message_arrives_with_its_fields(ClientKind kind)
    {
        var (topic, messageId) = (Names.Topic("notifications"), Names.MessageId());
        await using var client = await shared.ConnectAsync(kind);
        await client.SubscribeAsync(Names.Consumer(), topic);
        var message = JsonNode.Parse("""{"type": "alert", "content": "Maintenance at 22:00. 🚧"}""")!;

        await shared.Server.Api.PublishOkAsync(topic, message, messageId, "admin-script");

        var received = (await client.WaitForAsync(e => e.IsMessageOf(topic), "the message")).Data;
        received.Text("topic").ShouldBe(topic);
        received.Text("message_id").ShouldBe(messageId);
        received.Text("producer").ShouldBe("admin-script");
        received.GetProperty("message").ShouldBeJson(message);
    }

    [Theory]
    [EveryClient]
    public async Task A_message_published_by_an_event_is_acknowledged_stored_and_delivered(ClientKind kind)
    {
        var (topic, messageId) = (Names.Topic(), Names.MessageId());
        await using var client = await shared.ConnectAsync(kind);
        await client.SubscribeAsync(Names.Consumer(), topic);

        var answer = await client.CallAsync("publish", new JsonObject { ["topic"] = topic, ["message_id"] = messageId, ["message"] = 42, ["producer"] = "socket" });

        answer.ShouldBeOk();
        answer.Offset().ShouldBe(1);
        answer.Text("message_id").ShouldBe(messageId);
        (await client.WaitForAsync(e => e.IsMessageOf(topic), "the message")).Data.GetProperty("message").GetInt32().ShouldBe(42);
        var row = (await shared.Server.Api.HistoryAsync(topic)).ShouldHaveSingleItem();
        row.Text("message_id").ShouldBe(messageId);
        row.Text("producer").ShouldBe("socket");
    }

    [Theory]
    [EveryClient]
    public async Task Two_styles_on_one_topic_each_get_their_own_form(ClientKind kind)
    {
        var topic = Names.Topic("both");
        await using var room = await shared.ConnectAsync(kind);
        await using var durable = await shared.ConnectAsync(kind);
        await room.ListenAsync("message");
        await room.SubscribeToRoomAsync(topic);
        await durable.ListenAsync(topic);
        await durable.SubscribeAsync(Names.Consumer(), topic);

        await shared.Server.Api.PublishOkAsync(topic, "hello", "id-1", "p");
        await shared.Server.Api.PublishOkAsync(topic, "again", "id-2", "p");

        (await room.WaitForAsync(e => e.IsEvent(topic), 2, "both messages as the event of the topic"))
            .ShouldContain(e => JsonElement.DeepEquals(e.Data, JsonElement.Parse("""{"message": "hello"}""")));
        room.Events.Count.ShouldBe(2);
        (await durable.WaitForAsync(e => e.IsMessageOf(topic), 2, "both messages as the event message"))
            .ShouldContain(e => e.Data.GetProperty("message").ValueEquals("hello") && e.Data.GetProperty("message_id").ValueEquals("id-1"));
        durable.Events.ShouldAllBe(e => e.IsEvent("message"));
    }

    [Theory]
    [EveryClient]
    public async Task Messages_of_topics_not_subscribed_to_stay_away(ClientKind kind)
    {
        var (mine, other) = (Names.Topic("mine"), Names.Topic("other"));
        await using var client = await shared.ConnectAsync(kind);
        await using var somebody = await shared.ConnectAsync(kind);
        await client.SubscribeAsync(Names.Consumer(), mine);
        await somebody.SubscribeAsync(Names.Consumer(), other);

        await shared.Server.Api.PublishOkAsync(other, "not for you");
        await shared.Server.Api.PublishOkAsync(mine, "for you");

        await client.WaitForAsync(e => e.IsMessageOf(mine), "the own message");
        client.Events.ShouldAllBe(e => e.IsAbout(mine));
    }

    [Theory]
    [EveryClient]
    public async Task A_message_id_published_twice_is_delivered_once(ClientKind kind)
    {
        var (topic, messageId) = (Names.Topic(), Names.MessageId());
        await using var client = await shared.ConnectAsync(kind);
        await client.SubscribeAsync(Names.Consumer(), topic);

        var first = await shared.Server.Api.PublishOkAsync(topic, "once", messageId, "p");
        var again = await shared.Server.Api.PublishOkAsync(topic, "twice", messageId, "p");
        var next = await shared.Server.Api.PublishOkAsync(topic, "next", producer: "p");

        again.Offset().ShouldBe(first.Offset());
        again.GetProperty("duplicate").GetBoolean().ShouldBeTrue();
        (first.TryGetProperty("duplicate", out var duplicate) && duplicate.GetBoolean()).ShouldBeFalse();
        next.Offset().ShouldBe(first.Offset() + 1);
        await client.WaitForAsync(e => e.IsMessageOf(topic) && e.Data.GetProperty("message").ValueEquals("next"), "the next message");
        client.Events.Count(e => e.IsMessageOf(topic)).ShouldBe(2);
    }

    [Theory]
    [EveryClient]
    public async Task Concurrent_publishes_arrive_complete_and_in_the_order_of_their_offsets(ClientKind kind)
    {
        const int Publishers = 8;
        const int Each = 40;
        var topic = Names.Topic();
        await using var client = await shared.ConnectAsync(kind);
        await client.SubscribeAsync(Names.Consumer(), topic);

        await Task.WhenAll(Enumerable.Range(0, Publishers).Select(async publisher =>
        {
            for (var i = 0; i < Each; i++)
            {
                await shared.Server.Api.PublishOkAsync(topic, $"{publisher}/{i}", $"{publisher}/{i}", $"p{publisher}");
            }
        }));

        var received = await client.WaitForAsync(e => e.IsMessageOf(topic), Publishers * Each, "every message");
        var history = await shared.Server.Api.HistoryAsync(topic);
        history.Select(JsonShould.Offset).ShouldBe(Enumerable.Range(1, Publishers * Each).Select(n => (long)n));
        var ids = received.Select(e => e.Data.Text("message_id"));
        var stored = history.Select(row => row.Text("message_id"));
        if (kind.Library() == ClientLibrary.Node)
        {
            ids.ShouldBe(stored);
        }
        else
        {
            // python-socketio runs each handler in a thread of its own.
            ids.ShouldBe(stored, ignoreOrder: true);
        }
    }
}
