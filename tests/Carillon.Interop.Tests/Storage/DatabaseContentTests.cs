using System.Text.Json;
using System.Text.Json.Nodes;
using Carillon.Interop.Tests.Clients;
using Carillon.Interop.Tests.Durable;
using Carillon.Interop.Tests.Http;
using Carillon.Interop.Tests.Servers;

namespace Carillon.Interop.Tests.Storage;

/// <summary>The tables that people query with their own tools.</summary>
public sealed class DatabaseContentTests(SharedProcesses shared)
{
    [Fact]
    public async Task Published_messages_and_consumptions_are_rows()
    {
        using var folder = new TemporaryFolder();
        JsonNode message = JsonNode.Parse("""{"type": "alert", "content": "ü 🚀"}""")!;
        await using (var server = await ServerProcess.StartAsync(new ServerSettings { Database = folder.Database }))
        {
            await using var client = await shared.ConnectAsync(ClientKind.PythonWebSocket, server);
            await server.Api.PublishOkAsync("notifications", message, "msg-unique-001", "admin-script");
            await server.Api.PublishOkAsync("notifications", 2, "msg-unique-002");
            await server.Api.PublishOkAsync("notifications", message, "msg-unique-001", "admin-script");
            await server.Api.PublishOkAsync("metrics", null, "msg-unique-001", "probe");
            (await client.CallAsync("consumed", ConsumptionTests.Consumed("app", "notifications", "msg-unique-001", message))).ShouldBeOk();
            (await server.StopAsync()).ShouldBe(0, server.Log);
        }

        var database = await DatabaseCopy.ReadAsync(folder.Database);

        database.Messages.Select(row => (row.Text("topic"), row.Offset(), row.Text("message_id"))).ShouldBe(
        [
            ("notifications", 1, "msg-unique-001"),
            ("notifications", 2, "msg-unique-002"),
            ("metrics", 1, "msg-unique-001"),
        ]);
        var first = database.Messages[0];
        JsonElement.Parse(first.Text("message")!).ShouldBeJson(message);
        first.Text("producer").ShouldBe("admin-script");
        first.GetProperty("timestamp").ShouldBeATimeOfNow();
        database.Messages.Select(row => row.GetProperty("id").GetInt64()).ShouldBeUnique();
        database.Messages[1].GetProperty("producer").ValueKind.ShouldBe(JsonValueKind.Null);
        database.Messages[2].Text("message").ShouldBe("null");
        var consumption = database.Consumptions.ShouldHaveSingleItem();
        consumption.Text("consumer").ShouldBe("app");
        consumption.Text("topic").ShouldBe("notifications");
        consumption.Text("message_id").ShouldBe("msg-unique-001");
        JsonElement.Parse(consumption.Text("message")!).ShouldBeJson(message);
        consumption.GetProperty("timestamp").ShouldBeATimeOfNow();
        database.Subscriptions.ShouldBeEmpty("a graceful stop leaves no subscription");
    }

    [Fact]
    public async Task Subscriptions_are_rows_while_they_last_and_those_of_an_earlier_run_are_cleared()
    {
        using var folder = new TemporaryFolder();
        var settings = new ServerSettings { Database = folder.Database };
        string durableSid, roomSid;
        await using (var server = await ServerProcess.StartAsync(settings))
        {
            await using var durable = await shared.ConnectAsync(ClientKind.NodeWebSocket, server);
            await using var room = await shared.ConnectAsync(ClientKind.NodeWebSocket, server);
            await using var gone = await shared.ConnectAsync(ClientKind.NodeWebSocket, server);
            await gone.SubscribeAsync("gone", "notifications");
            await gone.DisconnectAsync();
            await Waiting.Eventually.BecomesAsync(() => server.Api.ListAsync("/clients"), rows => rows.Count == 0, "the client gone");
            await durable.SubscribeAsync("app", "notifications", "metrics");
            await room.SubscribeToRoomAsync("notifications");
            (durableSid, roomSid) = (durable.SidOf(), room.SidOf());
            await server.KillAsync();
        }

        var killed = (await DatabaseCopy.ReadAsync(folder.Database)).Subscriptions;
        await using (var server = await ServerProcess.StartAsync(settings))
        {
            await server.KillAsync();
        }

        var restarted = (await DatabaseCopy.ReadAsync(folder.Database)).Subscriptions;

        killed.Select(row => (row.Text("sid"), row.Text("consumer"), row.Text("topic"))).ShouldBe(
            [(durableSid, "app", "notifications"), (durableSid, "app", "metrics"), (roomSid, null, "notifications")], ignoreOrder: true);
        foreach (var row in killed)
        {
            row.GetProperty("connected_at").ShouldBeATimeOfNow();
        }

        restarted.ShouldBeEmpty();
    }
}
