using System.Text.Json;
using System.Text.Json.Nodes;
using Carillon.Interop.Tests.Clients;
using Carillon.Interop.Tests.Http;
using Carillon.Interop.Tests.Servers;
using Carillon.Interop.Tests.Waiting;

namespace Carillon.Interop.Tests.Rooms;

/// <summary>Room-style subscriptions as the monitoring API shows them, and their end.</summary>
public sealed class RoomSubscriptionTests(SharedProcesses shared)
{
    [Theory]
    [EveryClient]
    public async Task A_room_subscription_is_listed_without_a_consumer_but_with_its_sid(ClientKind kind)
    {
        var topic = Names.Topic();
        await using var client = await shared.ConnectAsync(kind);

        await client.SubscribeToRoomAsync(topic);

        var row = (await shared.Server.Api.ClientsAsync(topic)).ShouldHaveSingleItem();
        row.GetProperty("consumer").ValueKind.ShouldBe(JsonValueKind.Null);
        row.Text("topic").ShouldBe(topic);
        row.Text("sid").ShouldBe(client.SidOf());
        row.GetProperty("connected_at").ShouldBeATimeOfNow();
    }

    [Theory]
    [EveryClient]
    public async Task A_disconnect_removes_every_subscription_of_the_connection(ClientKind kind)
    {
        var (first, second) = (Names.Topic(), Names.Topic());
        await using var stays = await shared.ConnectAsync(kind);
        await stays.SubscribeToRoomAsync(first);
        var leaves = await shared.ConnectAsync(kind);
        await leaves.SubscribeToRoomAsync(first);
        await leaves.SubscribeToRoomAsync(second);
        (await shared.Server.Api.ClientsAsync(first)).Count.ShouldBe(2);

        await leaves.DisconnectAsync();

        await Eventually.BecomesAsync(() => shared.Server.Api.ClientsAsync(second), rows => rows.Count == 0, "no subscription of the second topic", Deadlines.Goodbye(kind));
        var left = await Eventually.BecomesAsync(() => shared.Server.Api.ClientsAsync(first), rows => rows.Count == 1, "one subscription of the first topic");
        left[0].Text("sid").ShouldBe(stays.SidOf());
    }

    [Theory]
    [InlineData("""{}""")]
    [InlineData("""{"topic": ""}""")]
    [InlineData("""{"topic": 5}""")]
    [InlineData("""{"topic": "a\u0000b"}""")]
    [InlineData("\"just a text\"")]
    [InlineData("null")]
    [InlineData("[1]")]
    public async Task A_wrong_subscribe_is_answered_with_an_error_and_the_connection_lives_on(string payload)
    {
        var topic = Names.Topic();
        await using var client = await shared.ConnectAsync(ClientKind.NodeWebSocket);

        (await client.CallAsync("subscribe", JsonNode.Parse(payload))).ShouldBeError();

        await client.SubscribeToRoomAsync(topic);
    }
}
