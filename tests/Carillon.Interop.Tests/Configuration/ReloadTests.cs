using System.Net;
using System.Text.Json.Nodes;
using Carillon.Interop.Tests.Clients;
using Carillon.Interop.Tests.Servers;
using Carillon.Interop.Tests.Waiting;

namespace Carillon.Interop.Tests.Configuration;

/// <summary>The file changes while clients are connected.</summary>
public sealed class ReloadTests(SharedProcesses shared)
{
    private const string Subscribe = """{"type": "SUBSCRIBE", "topics": ["orders"]}""";
    private const string Ping = """{"type": "PING"}""";

    [Fact]
    public async Task An_added_topic_is_there_for_connections_that_were_there_before()
    {
        await using Shop shop = await Shop.StartAsync();
        using JsonSocket webSocket = await JsonSocket.ConnectAsync(shop, "/");
        await using SocketClient socketIO = await shared.ConnectAsync(ClientKind.NodeWebSocket, shop.Process);
        string sid = socketIO.SidOf();
        await socketIO.SubscribeToRoomAsync("news");

        shop.File.TopicsOfMain.Add(new JsonObject { ["Name"] = "alerts" });
        shop.File.Write();
        await shop.WaitForAnswerAsync("alerts", "0", HttpStatusCode.OK);
        await socketIO.SubscribeToRoomAsync("alerts");
        (await webSocket.AskAsync("""{"type": "SUBSCRIBE", "topics": ["alerts"]}""")).GetProperty("success")[0].GetString().ShouldBe("alerts");
        (await shop.PublishAsync("alerts", "\"fire\"")).ShouldHaveStatus(HttpStatusCode.OK);
        (await shop.PublishAsync("news", "\"still\"")).ShouldHaveStatus(HttpStatusCode.OK);

        (await webSocket.ReceiveAsync())!.Value.GetProperty("message").GetString().ShouldBe("fire");
        await socketIO.WaitForAsync(e => e.IsEvent("alerts"), "the message of the added topic");
        await socketIO.WaitForAsync(e => e.IsEvent("news"), "a message of the topic that was there");
        await socketIO.RefreshSidsAsync();
        socketIO.SidOf().ShouldBe(sid);
    }

    [Fact]
    public async Task A_changed_topic_asks_for_what_it_asks_now()
    {
        await using Shop shop = await Shop.StartAsync();
        using JsonSocket desk = await JsonSocket.ConnectAsync(shop, "/", SettingsFile.Desk);
        await desk.AskAsync(Subscribe);

        shop.File.TopicsOfMain[1]!["Subscribers"] = new JsonObject { ["ApiKeys"] = new JsonArray("till") };
        shop.File.TopicsOfMain[1]!["Spec"]!["Fields"]!["price"] = "number";
        shop.File.Write();

        var told = (await desk.ReceiveAsync())!.Value;
        told.GetProperty("type").GetString().ShouldBe("UNSUBSCRIBED");
        told.GetProperty("code").GetString().ShouldBe("forbidden");
        (await shop.PublishAsync("orders", """{"id": 1}""", SettingsFile.Till)).ShouldHaveStatus(HttpStatusCode.BadRequest);
        (await desk.AskAsync(Ping)).GetProperty("type").GetString().ShouldBe("PONG");
    }

    [Fact]
    public async Task Subscribers_of_a_removed_topic_are_told_and_stay_connected()
    {
        await using Shop shop = await Shop.StartAsync();
        using JsonSocket desk = await JsonSocket.ConnectAsync(shop, "/", SettingsFile.Desk);
        await desk.AskAsync(Subscribe);

        shop.File.TopicsOfMain.RemoveAt(1);
        shop.File.Write();

        (await desk.ReceiveAsync())!.Value.GetProperty("code").GetString().ShouldBe("topic_not_found");
        (await desk.AskAsync(Ping)).GetProperty("type").GetString().ShouldBe("PONG");
        (await shop.PublishAsync("orders", """{"id": 1}""", SettingsFile.Till)).ShouldHaveStatus(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_removed_key_loses_what_it_gave_and_the_connection_stays()
    {
        await using Shop shop = await Shop.StartAsync();
        using JsonSocket desk = await JsonSocket.ConnectAsync(shop, "/", SettingsFile.Desk);
        using JsonSocket till = await JsonSocket.ConnectAsync(shop, "/", SettingsFile.Till);
        await desk.AskAsync(Subscribe);
        await till.AskAsync(Subscribe);

        shop.File.Section["Tokens"]!["ApiKeys"]!.AsArray().RemoveAt(1);
        shop.File.Write();

        var told = (await desk.ReceiveAsync())!.Value;
        told.GetProperty("type").GetString().ShouldBe("UNSUBSCRIBED");
        told.GetProperty("code").GetString().ShouldBe("unauthorized");
        (await desk.AskAsync(Ping)).GetProperty("type").GetString().ShouldBe("PONG");
        (await shop.PublishAsync("orders", """{"id": 2}""", SettingsFile.Till)).ShouldHaveStatus(HttpStatusCode.OK);
        (await till.ReceiveAsync())!.Value.GetProperty("message").GetProperty("id").GetInt32().ShouldBe(2);
        (await shop.PublishAsync("orders", """{"id": 2}""", SettingsFile.Desk)).ShouldHaveStatus(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_wrong_file_is_refused_with_its_place_and_changes_nothing()
    {
        await using Shop shop = await Shop.StartAsync();
        using JsonSocket desk = await JsonSocket.ConnectAsync(shop, "/", SettingsFile.Desk);
        await desk.AskAsync(Subscribe);

        // All of it would be in force at once: the key goes, a topic comes, and one setting is wrong.
        shop.File.Section["Tokens"]!["ApiKeys"]!.AsArray().RemoveAt(1);
        shop.File.TopicsOfMain.Add(new JsonObject { ["Name"] = "alerts" });
        shop.File.TopicsOfMain[0]!["Retane"] = true;
        shop.File.Write();

        await shop.WaitForLogAsync("the old ones stay in force: appsettings.json, line");
        await shop.WaitForLogAsync("Carillon:Hubs:main:Topics:0:Retane is unknown; known are: Name, Publishers");
        (await shop.PublishAsync("alerts", "1")).ShouldHaveStatus(HttpStatusCode.NotFound);
        (await shop.PublishAsync("orders", """{"id": 3}""", SettingsFile.Till)).ShouldHaveStatus(HttpStatusCode.OK);
        (await desk.ReceiveAsync())!.Value.GetProperty("message").GetProperty("id").GetInt32().ShouldBe(3);

        shop.File.TopicsOfMain[0]!.AsObject().Remove("Retane");
        shop.File.Write();

        (await desk.ReceiveAsync())!.Value.GetProperty("code").GetString().ShouldBe("unauthorized");
        await shop.WaitForAnswerAsync("alerts", "1", HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("{\n  \"Carillon\": {\n    \"Hubs\": oops\n  }\n}", "line 3, byte 13")]
    [InlineData(null, "is gone")]
    public async Task A_file_that_is_no_file_of_settings_changes_nothing(string? text, string place)
    {
        await using Shop shop = await Shop.StartAsync();

        if (text is null)
        {
            File.Delete(shop.File.Path);
        }
        else
        {
            shop.File.Write(text);
        }

        await shop.WaitForLogAsync(place);
        (await shop.PublishAsync("orders", """{"id": 1}""")).ShouldHaveStatus(HttpStatusCode.Unauthorized);
        (await shop.PublishAsync("orders", """{"id": 1}""", SettingsFile.Till)).ShouldHaveStatus(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_schema_that_changes_in_its_own_file_comes_into_force()
    {
        await using Shop shop = await Shop.StartAsync(file =>
        {
            File.WriteAllText(file.Folder.File("order.json"), """{"type": "object"}""");
            file.TopicsOfMain[0]!["Spec"] = new JsonObject { ["SchemaFile"] = "order.json" };
            file.Write();
        });
        (await shop.PublishAsync("news", "{}")).ShouldHaveStatus(HttpStatusCode.OK);

        await File.WriteAllTextAsync(shop.File.Folder.File("order.json"), """{"type": "object", "required": ["id"]}""", TestContext.Current.CancellationToken);

        await shop.WaitForAnswerAsync("news", "{}", HttpStatusCode.BadRequest);
        (await shop.PublishAsync("news", """{"id": 1}""")).ShouldHaveStatus(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_mounted_file_that_is_a_link_is_followed_when_the_link_leads_elsewhere()
    {
        await using Shop shop = await Shop.StartAsync(file =>
        {
            // As orchestrators mount settings: the file is a link through a link to a folder, and only that one changes.
            TemporaryFolder folder = file.Folder;
            File.Move(file.Path, Path.Combine(folder.Subfolder("first"), "appsettings.json"));
            Directory.CreateSymbolicLink(folder.File("..data"), "first");
            File.CreateSymbolicLink(file.Path, Path.Combine("..data", "appsettings.json"));
        });
        shop.File.TopicsOfMain.Add(new JsonObject { ["Name"] = "alerts" });
        TemporaryFolder folder = shop.File.Folder;
        await File.WriteAllTextAsync(Path.Combine(folder.Subfolder("second"), "appsettings.json"), shop.File.Settings.ToJsonString(), TestContext.Current.CancellationToken);

        Directory.CreateSymbolicLink(folder.File("..next"), "second");
        Links.Replace(folder.File("..data"), by: folder.File("..next"));

        await shop.WaitForAnswerAsync("alerts", "1", HttpStatusCode.OK);
    }

    [Fact]
    public async Task What_needs_a_restart_is_named_and_the_rest_is_in_force()
    {
        await using Shop shop = await Shop.StartAsync();

        shop.File.Section["Port"] = 1;
        shop.File.Section["Hubs"]!["chat"]!["Rules"]!["SubscriptionCeiling"] = 5;
        shop.File.Section["Hubs"]!["later"] = new JsonObject { ["Path"] = "/later" };
        shop.File.Section["Hubs"]!["main"]!["MaxTopics"] = 7;
        shop.File.TopicsOfMain.Add(new JsonObject { ["Name"] = "alerts" });
        shop.File.Write();

        await shop.WaitForLogAsync("come into force with the next start: ");
        string line = shop.Process.Log.Split('\n').Single(line => line.Contains("with the next start", StringComparison.Ordinal));
        line.ShouldContain("Carillon:Hubs:chat:Rules:SubscriptionCeiling");
        line.ShouldContain("Carillon:Hubs:later");
        line.ShouldContain("Carillon:Hubs:main:MaxTopics");
        line.ShouldNotContain("Carillon:Port", Case.Sensitive, "the command line has the last word about the port");
        (await shop.PublishAsync("alerts", "1")).ShouldHaveStatus(HttpStatusCode.OK);
    }

    [Fact]
    public async Task The_only_hub_of_a_file_without_hubs_gets_its_changed_topics_too()
    {
        await using Shop shop = await Shop.StartAsync(static file => file.Write("""{"Carillon": {"ReloadInterval": "00:00:00.1", "Topics": [{"Name": "news"}]}}"""));
        (await shop.PublishAsync("news", "1")).ShouldHaveStatus(HttpStatusCode.OK);

        shop.File.Write("""{"Carillon": {"ReloadInterval": "00:00:00.1", "Topics": [{"Name": "news", "Publishers": "Nobody"}]}}""");

        await shop.WaitForAnswerAsync("news", "1", HttpStatusCode.Forbidden);
        (await shop.PublishAsync("anything else", "1")).ShouldHaveStatus(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_topics_retention_holds_at_once_and_ends_when_it_is_taken_out()
    {
        await using Shop shop = await Shop.StartAsync(static file => file.Write(WithNews("""{"MaxCount": 1}""")));
        await PublishThreeAsync(shop);
        await Eventually.BecomesAsync(() => shop.Process.Api.HistoryAsync("news"), rows => rows.Count == 1, "one message of three");

        shop.File.Write(WithNews("""{"MaxCount": 2}"""));
        await shop.WaitForLogAsync("composed anew news");
        await PublishThreeAsync(shop);
        await Eventually.BecomesAsync(() => shop.Process.Api.HistoryAsync("news"), rows => rows.Count == 2, "two messages of four");

        shop.File.Write(WithNews("null"));
        await Eventually.BecomesAsync(() => Task.FromResult(shop.Process.Log.Split("composed anew news").Length), count => count == 3, "the second change");
        await PublishThreeAsync(shop);
        (await shop.Process.Api.HistoryAsync("news")).Count.ShouldBe(5);
    }

    private static string WithNews(string retention) =>
        $$$"""{"Carillon": {"ReloadInterval": "00:00:00.1", "Topics": [{"Name": "news", "Retention": {{{retention}}} }]}}""";

    private static async Task PublishThreeAsync(Shop shop)
    {
        for (var i = 0; i < 3; i++)
        {
            (await shop.PublishAsync("news", "1")).ShouldHaveStatus(HttpStatusCode.OK);
        }
    }
}
