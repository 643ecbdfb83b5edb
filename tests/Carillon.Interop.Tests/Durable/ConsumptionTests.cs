using System.Text.Json.Nodes;
using Carillon.Interop.Tests.Clients;
using Carillon.Interop.Tests.Http;
using Carillon.Interop.Tests.Servers;
using Carillon.Interop.Tests.Waiting;

namespace Carillon.Interop.Tests.Durable;

/// <summary>The <c>consumed</c> event and <c>GET /consumptions</c>.</summary>
public sealed class ConsumptionTests(SharedProcesses shared)
{
    [Theory]
    [EveryClient]
    public async Task Consumed_is_acknowledged_and_recorded_with_its_time(ClientKind kind)
    {
        var (consumer, topic) = (Names.Consumer(), Names.Topic());
        var message = JsonNode.Parse("""{"n": 1, "text": "ü"}""")!;
        await using var client = await shared.ConnectAsync(kind);
        await client.SubscribeAsync(consumer, topic);
        await shared.Server.Api.PublishOkAsync(topic, message, "id-1", "p");
        var received = (await client.WaitForAsync(e => e.IsMessageOf(topic), "the message")).Data;

        (await client.CallAsync("consumed", Consumed(consumer, topic, received.Text("message_id")!, JsonNode.Parse(received.GetProperty("message").GetRawText())))).ShouldBeOk();

        var row = (await shared.Server.Api.ConsumptionsAsync(topic)).ShouldHaveSingleItem();
        row.Text("consumer").ShouldBe(consumer);
        row.Text("topic").ShouldBe(topic);
        row.Text("message_id").ShouldBe("id-1");
        row.GetProperty("message").ShouldBeJson(message);
        row.GetProperty("timestamp").ShouldBeATimeOfNow();
    }

    [Theory]
    [EveryClient]
    public async Task Consumed_without_an_acknowledgement_is_recorded(ClientKind kind)
    {
        var (consumer, topic) = (Names.Consumer(), Names.Topic());
        await using var client = await shared.ConnectAsync(kind);
        await shared.Server.Api.PublishOkAsync(topic, "m", "id-1", "p");

        await client.EmitAsync("consumed", Consumed(consumer, topic, "id-1", "m"));

        await Eventually.BecomesAsync(() => shared.Server.Api.ConsumptionsAsync(topic), rows => rows.Count == 1, "the consumption");
    }

    [Fact]
    public async Task Consumptions_are_listed_newest_first_and_filtered_by_consumer()
    {
        var (first, second, topic) = (Names.Consumer(), Names.Consumer(), Names.Topic());
        await using var client = await shared.ConnectAsync(ClientKind.NodeWebSocket);
        for (var i = 1; i <= 3; i++)
        {
            await shared.Server.Api.PublishOkAsync(topic, i, $"id-{i}", "p");
            (await client.CallAsync("consumed", Consumed(first, topic, $"id-{i}", i))).ShouldBeOk();
        }

        (await client.CallAsync("consumed", Consumed(second, topic, "id-1", 1))).ShouldBeOk();

        var all = await shared.Server.Api.ConsumptionsAsync(topic);
        all.Select(row => (row.Text("consumer"), row.Text("message_id"))).ShouldBe([(second, "id-1"), (first, "id-3"), (first, "id-2"), (first, "id-1")]);
        var filtered = await shared.Server.Api.ListAsync($"/consumptions?consumer={first}&limit=2");
        filtered.Select(row => row.Text("message_id")).ShouldBe(["id-3", "id-2"]);
    }

    [Theory]
    [InlineData("consumer")]
    [InlineData("topic")]
    [InlineData("message_id")]
    public async Task A_consumed_without_a_required_field_is_answered_with_an_error_that_names_it(string missing)
    {
        var topic = Names.Topic();
        await using var client = await shared.ConnectAsync(ClientKind.PythonWebSocket);
        await shared.Server.Api.PublishOkAsync(topic, "m", "id-1", "p");
        var payload = Consumed(Names.Consumer(), topic, "id-1", "m");
        payload.Remove(missing);

        (await client.CallAsync("consumed", payload)).ShouldBeError().ShouldContain(missing);

        (await shared.Server.Api.ConsumptionsAsync(topic)).ShouldBeEmpty();
    }

    internal static JsonObject Consumed(string consumer, string topic, string messageId, JsonNode? message) =>
        new() { ["consumer"] = consumer, ["topic"] = topic, ["message_id"] = messageId, ["message"] = message };
}
