using System.Text.Json.Nodes;
using Carillon.Interop.Tests.Clients;
using Carillon.Interop.Tests.Http;
using Carillon.Interop.Tests.Servers;
using Carillon.Interop.Tests.Waiting;

namespace Carillon.Interop.Tests.Rooms;

/// <summary>Room-style subscribers: a topic's messages come as the event of that name.</summary>
public sealed class RoomDeliveryTests(SharedProcesses shared)
{
    [Theory]
    [EveryClient]
    public async Task A_published_message_arrives_as_the_event_named_after_the_topic(ClientKind kind)
    {
        var topic = Names.Topic("weather");
        await using var client = await shared.ConnectAsync(kind);
        await client.SubscribeToRoomAsync(topic);
        var message = JsonNode.Parse("""{"text": "Grüße 🚀 \"quoted\" \\ \u2028", "n": [1, -2.5, null, true, {}], "empty": ""}""")!;

        await shared.Server.Api.PublishOkAsync(topic, message);

        var received = await client.WaitForAsync(e => e.IsEvent(topic), $"the event {topic}");
        received.Data.ShouldBeJson(new JsonObject { ["message"] = message });
        received.Namespace.ShouldBe(SocketClient.Main);
    }

    [Theory]
    [EveryClient]
    public async Task The_client_ends_up_on_the_transport_it_prefers(ClientKind kind)
    {
        await using var client = await shared.ConnectAsync(kind);

        await Eventually.BecomesAsync(client.TransportAsync, transport => transport == kind.FinalTransport(), $"the transport {kind.FinalTransport()}");
    }

    [Theory]
    [EveryClient]
    public async Task Every_subscriber_of_a_topic_gets_a_message_and_nobody_else_does(ClientKind kind)
    {
        var (topic, other) = (Names.Topic("mine"), Names.Topic("other"));
        await using var first = await shared.ConnectAsync(kind);
        await using var second = await shared.ConnectAsync(kind);
        await using var stranger = await shared.ConnectAsync(kind);
        await first.SubscribeToRoomAsync(topic);
        await second.SubscribeToRoomAsync(topic);
        await stranger.SubscribeToRoomAsync(other);

        await shared.Server.Api.PublishOkAsync(topic, "for subscribers");
        await shared.Server.Api.PublishOkAsync(other, "for the stranger");

        await first.WaitForAsync(e => e.IsEvent(topic), "the message");
        await second.WaitForAsync(e => e.IsEvent(topic), "the message");
        await stranger.WaitForAsync(e => e.IsEvent(other), "the stranger's own message");
        stranger.Events.ShouldHaveSingleItem();
    }

    [Theory]
    [EveryClient]
    public async Task After_unsubscribe_no_more_messages_come(ClientKind kind)
    {
        var (topic, kept) = (Names.Topic("left"), Names.Topic("kept"));
        await using var client = await shared.ConnectAsync(kind);
        await client.SubscribeToRoomAsync(topic);
        await client.SubscribeToRoomAsync(kept);
        await shared.Server.Api.PublishOkAsync(topic, 1);
        await client.WaitForAsync(e => e.IsEvent(topic), "the message before unsubscribe");

        (await client.CallAsync("unsubscribe", new JsonObject { ["topic"] = topic })).ShouldBeOk();
        await shared.Server.Api.PublishOkAsync(topic, 2);
        await shared.Server.Api.PublishOkAsync(kept, 3);

        await client.WaitForAsync(e => e.IsEvent(kept), "the message of the topic still subscribed");
        client.Events.Count(e => e.IsEvent(topic)).ShouldBe(1);
        (await shared.Server.Api.ClientsAsync(topic)).ShouldBeEmpty();
    }

    [Theory]
    [EveryClient]
    public async Task Subscribing_twice_delivers_once(ClientKind kind)
    {
        var topic = Names.Topic();
        await using var client = await shared.ConnectAsync(kind);
        await client.SubscribeToRoomAsync(topic);
        await client.SubscribeToRoomAsync(topic);

        await shared.Server.Api.PublishOkAsync(topic, "first");
        await shared.Server.Api.PublishOkAsync(topic, "second");

        await client.WaitForAsync(e => e.IsEvent(topic) && e.Data.GetProperty("message").ValueEquals("second"), "the second message");
        client.Events.Count(e => e.IsEvent(topic)).ShouldBe(2);
        (await shared.Server.Api.ClientsAsync(topic)).ShouldHaveSingleItem();
    }

    [Theory]
    [EveryClient]
    public async Task Commands_work_without_an_acknowledgement(ClientKind kind)
    {
        var topic = Names.Topic();
        await using var client = await shared.ConnectAsync(kind);
        await client.ListenAsync(topic);

        await client.EmitAsync("subscribe", new JsonObject { ["topic"] = topic });
        await Eventually.BecomesAsync(() => shared.Server.Api.ClientsAsync(topic), rows => rows.Count == 1, "the subscription in /clients");
        await client.EmitAsync("publish", new JsonObject { ["topic"] = topic, ["message"] = "by event" });
        await client.WaitForAsync(e => e.IsEvent(topic), "the message published by an event");
        await client.EmitAsync("unsubscribe", new JsonObject { ["topic"] = topic });

        await Eventually.BecomesAsync(() => shared.Server.Api.ClientsAsync(topic), rows => rows.Count == 0, "no subscription in /clients");
    }

    [Theory]
    [EveryClient]
    public async Task Messages_of_every_frame_length_arrive_whole(ClientKind kind)
    {
        var topic = Names.Topic("sizes");
        await using var client = await shared.ConnectAsync(kind);
        await client.SubscribeToRoomAsync(topic);
        int[] lengths = [0, 1, 50, 60, 70, 80, 125, 126, 127, 1_000, 65_400, 65_535, 65_536, 200_000];

        foreach (var length in lengths)
        {
            await shared.Server.Api.PublishOkAsync(topic, new string('é', length / 2) + new string('x', length % 2));
        }

        var received = await client.WaitForAsync(e => e.IsEvent(topic), lengths.Length, "a message of each length");
        received.Select(e => System.Text.Encoding.UTF8.GetByteCount(e.Data.GetProperty("message").GetString()!)).Order().ShouldBe(lengths);
    }

    [Theory]
    [EveryClient]
    public async Task Messages_published_while_the_transport_upgrades_arrive_once(ClientKind kind)
    {
        const int Count = 150;
        var topic = Names.Topic("upgrade");
        await using var client = await shared.ConnectAsync(kind);
        await client.SubscribeToRoomAsync(topic);

        for (var i = 0; i < Count; i++)
        {
            await shared.Server.Api.PublishOkAsync(topic, i);
        }

        await client.WaitForAsync(e => e.IsEvent(topic), Count, "every message");
        var numbers = client.Events.Where(e => e.IsEvent(topic)).Select(e => e.Data.GetProperty("message").GetInt32());
        InOrderOf(kind, numbers).ShouldBe(Enumerable.Range(0, Count));
    }

    [Fact]
    public async Task A_python_and_a_node_subscriber_get_each_others_messages()
    {
        var topic = Names.Topic("mixed");
        await using var python = await shared.ConnectAsync(ClientKind.PythonUpgrading);
        await using var node = await shared.ConnectAsync(ClientKind.NodeUpgrading);
        await python.SubscribeToRoomAsync(topic);
        await node.SubscribeToRoomAsync(topic);

        (await python.CallAsync("publish", new JsonObject { ["topic"] = topic, ["message"] = "from python" })).ShouldBeOk();
        (await node.CallAsync("publish", new JsonObject { ["topic"] = topic, ["message"] = "from node" })).ShouldBeOk();

        foreach (var client in (SocketClient[])[python, node])
        {
            var received = await client.WaitForAsync(e => e.IsEvent(topic), 2, "both messages");
            received.Select(e => e.Data.GetProperty("message").GetString()).Order(StringComparer.Ordinal).ShouldBe(["from node", "from python"]);
        }
    }

    /// <summary>python-socketio runs each handler in a thread of its own, so only the set counts there.</summary>
    private static IEnumerable<int> InOrderOf(ClientKind kind, IEnumerable<int> numbers) => kind.Library() == ClientLibrary.Python ? numbers.Order() : numbers;
}
