using System.Text.Json;
using System.Text.Json.Nodes;
using Carillon.Interop.Tests.Clients;
using Carillon.Interop.Tests.Durable;
using Carillon.Interop.Tests.Http;
using Carillon.Interop.Tests.Servers;
using Carillon.Interop.Tests.Waiting;

namespace Carillon.Interop.Tests.Monitoring;

/// <summary>The live events of the namespace <c>/monitor</c>, and that nobody else gets them.</summary>
public sealed class MonitorTests(SharedProcesses shared)
{
    [Theory]
    [EveryClient]
    public async Task A_monitor_is_told_of_a_whole_life_of_a_message(ClientKind kind)
    {
        var (consumer, topic) = (Names.Consumer(), Names.Topic());
        var message = JsonNode.Parse("""{"degrees": 21.5}""")!;
        await using var monitor = await shared.MonitorAsync(kind);
        var client = await shared.ConnectAsync(kind);
        await client.SubscribeAsync(consumer, topic);
        await shared.Server.Api.PublishOkAsync(topic, message, "id-1", "thermometer");
        await client.WaitForAsync(e => e.IsMessageOf(topic), "the message");
        var consumed = ConsumptionTests.Consumed(consumer, topic, "id-1", message.DeepClone());
        (await client.CallAsync("consumed", consumed)).ShouldBeOk();
        await client.DisconnectAsync();

        var newClient = await ToldAsync(monitor, "new_client", topic);
        newClient.Text("consumer").ShouldBe(consumer);
        newClient.GetProperty("connected_at").ShouldBeATimeOfNow();
        var newMessage = await ToldAsync(monitor, "new_message", topic);
        newMessage.Text("message_id").ShouldBe("id-1");
        newMessage.Text("producer").ShouldBe("thermometer");
        newMessage.GetProperty("message").ShouldBeJson(message);
        newMessage.GetProperty("timestamp").ShouldBeATimeOfNow();
        var newConsumption = await ToldAsync(monitor, "new_consumption", topic);
        newConsumption.Text("consumer").ShouldBe(consumer);
        newConsumption.Text("message_id").ShouldBe("id-1");
        newConsumption.GetProperty("message").ShouldBeJson(message);
        newConsumption.GetProperty("timestamp").ShouldBeATimeOfNow();
        (await ToldAsync(monitor, "consumed", topic)).ShouldBeJson(consumed);
        (await ToldAsync(monitor, "client_disconnected", topic, Deadlines.Goodbye(kind))).Text("consumer").ShouldBe(consumer);
        monitor.Events.ShouldAllBe(e => e.Namespace == SocketClient.Monitor && !e.IsEvent("message"));
    }

    [Theory]
    [EveryClient]
    public async Task A_room_subscriber_is_told_with_its_sid_and_no_consumer(ClientKind kind)
    {
        var topic = Names.Topic();
        await using var monitor = await shared.MonitorAsync(kind);
        var client = await shared.ConnectAsync(kind);
        await client.SubscribeToRoomAsync(topic);
        var sid = client.SidOf();
        await client.DisconnectAsync();

        var arrival = await ToldAsync(monitor, "new_client", topic);
        arrival.GetProperty("consumer").ValueKind.ShouldBe(JsonValueKind.Null);
        arrival.Text("sid").ShouldBe(sid);
        (await ToldAsync(monitor, "client_disconnected", topic, Deadlines.Goodbye(kind))).GetProperty("consumer").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Theory]
    [EveryClient]
    public async Task A_normal_client_gets_no_monitor_event(ClientKind kind)
    {
        var (watched, own) = (Names.Topic("watched"), Names.Topic("own"));
        await using var monitor = await shared.MonitorAsync(kind);
        await using var bystander = await shared.ConnectAsync(kind);
        await bystander.SubscribeToRoomAsync(own);
        await using var client = await shared.ConnectAsync(kind);
        await client.SubscribeAsync(Names.Consumer(), watched);
        await shared.Server.Api.PublishOkAsync(watched, "m", "id-1", "p");
        (await client.CallAsync("consumed", ConsumptionTests.Consumed("c", watched, "id-1", "m"))).ShouldBeOk();
        await ToldAsync(monitor, "consumed", watched);

        await shared.Server.Api.PublishOkAsync(own, "the last event");

        await bystander.WaitForAsync(e => e.IsEvent(own), "the own message");
        bystander.Events.ShouldHaveSingleItem();
        await client.WaitForAsync(e => e.IsMessageOf(watched), "the message");
        client.Events.ShouldAllBe(e => e.IsEvent("message"));
    }

    [Theory]
    [EveryClient]
    public async Task One_connection_can_be_subscriber_and_monitor(ClientKind kind)
    {
        var topic = Names.Topic();
        await using var client = await shared.ConnectAsync(kind, null, SocketClient.Main, SocketClient.Monitor);
        await client.SubscribeAsync(Names.Consumer(), topic);

        await shared.Server.Api.PublishOkAsync(topic, "m");

        (await client.WaitForAsync(e => e.IsMessageOf(topic), "the message")).Namespace.ShouldBe(SocketClient.Main);
        (await ToldAsync(client, "new_message", topic)).GetProperty("message").ValueEquals("m").ShouldBeTrue();
    }

    [Theory]
    [EveryClient]
    public async Task An_unsubscribe_is_told_to_monitors(ClientKind kind)
    {
        var topic = Names.Topic();
        await using var monitor = await shared.MonitorAsync(kind);
        await using var client = await shared.ConnectAsync(kind);
        await client.SubscribeToRoomAsync(topic);

        (await client.CallAsync("unsubscribe", new JsonObject { ["topic"] = topic })).ShouldBeOk();

        await ToldAsync(monitor, "client_disconnected", topic);
    }

    /// <summary>The monitor event about a topic; there is exactly one of each.</summary>
    private static async Task<JsonElement> ToldAsync(SocketClient monitor, string @event, string topic, TimeSpan? deadline = null)
    {
        var told = await monitor.WaitForAsync(e => e.Namespace == SocketClient.Monitor && e.IsEvent(@event) && e.IsAbout(topic), 1, $"{@event} of {topic}", deadline);
        return told.ShouldHaveSingleItem().Data;
    }
}
