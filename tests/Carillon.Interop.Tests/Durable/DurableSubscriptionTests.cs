using System.Text.Json.Nodes;
using Carillon.Interop.Tests.Clients;
using Carillon.Interop.Tests.Http;
using Carillon.Interop.Tests.Servers;
using Carillon.Interop.Tests.Waiting;

namespace Carillon.Interop.Tests.Durable;

/// <summary>Durable subscriptions in <c>/clients</c>.</summary>
public sealed class DurableSubscriptionTests(SharedProcesses shared)
{
    [Theory]
    [EveryClient]
    public async Task A_subscription_is_listed_with_consumer_topic_and_time(ClientKind kind)
    {
        var (consumer, first, second) = (Names.Consumer("dashboard-ui"), Names.Topic("metrics"), Names.Topic("alerts"));
        await using var client = await shared.ConnectAsync(kind);

        await client.SubscribeAsync(consumer, first, second);

        var rows = await shared.Server.Api.ListAsync($"/clients?consumer={consumer}");
        rows.Select(row => row.Text("topic")).ShouldBe([first, second], ignoreOrder: true);
        rows.ShouldAllBe(row => row.Text("consumer") == consumer);
        foreach (var row in rows)
        {
            row.GetProperty("connected_at").ShouldBeATimeOfNow();
        }
    }

    [Theory]
    [EveryClient]
    public async Task A_clean_disconnect_removes_the_subscriptions(ClientKind kind)
    {
        var (consumer, topic) = (Names.Consumer(), Names.Topic());
        var client = await shared.ConnectAsync(kind);
        await client.SubscribeAsync(consumer, topic, Names.Topic());

        await client.DisconnectAsync();

        await Eventually.BecomesAsync(() => shared.Server.Api.ListAsync($"/clients?consumer={consumer}"), rows => rows.Count == 0, "no subscription in /clients", Deadlines.Goodbye(kind));
    }

    [Theory]
    [EveryClient]
    public async Task Two_connections_of_one_consumer_each_have_a_subscription_and_get_each_message(ClientKind kind)
    {
        var (consumer, topic) = (Names.Consumer(), Names.Topic());
        await using var first = await shared.ConnectAsync(kind);
        await using var second = await shared.ConnectAsync(kind);
        await first.SubscribeAsync(consumer, topic);
        await second.SubscribeAsync(consumer, topic);

        await shared.Server.Api.PublishOkAsync(topic, "to both");

        await first.WaitForAsync(e => e.IsMessageOf(topic), "the message");
        await second.WaitForAsync(e => e.IsMessageOf(topic), "the message");
        (await shared.Server.Api.ClientsAsync(topic)).Count.ShouldBe(2);
    }

    [Theory]
    [InlineData("""{"consumer": "c"}""")]
    [InlineData("""{"consumer": "c", "topics": "not a list"}""")]
    [InlineData("""{"consumer": "c", "topics": [7]}""")]
    [InlineData("""{"consumer": "c", "topics": [""]}""")]
    [InlineData("""{"consumer": 7, "topics": ["t"]}""")]
    [InlineData("""{"topics": ["t"]}""")]
    public async Task A_wrong_subscribe_is_answered_with_an_error_and_the_connection_lives_on(string payload)
    {
        await using var client = await shared.ConnectAsync(ClientKind.PythonWebSocket);

        (await client.CallAsync("subscribe", JsonNode.Parse(payload))).ShouldBeError();

        await client.SubscribeAsync(Names.Consumer(), Names.Topic());
    }
}
