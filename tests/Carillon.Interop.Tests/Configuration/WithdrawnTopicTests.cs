using System.Net;
using System.Text.Json.Nodes;

namespace Carillon.Interop.Tests.Configuration;

/// <summary>A topic that not everyone may use is taken out of the file of a hub that lets clients bring topics into being.</summary>
public sealed class WithdrawnTopicTests
{
    [Theory]
    [InlineData("Create")]
    [InlineData("Closed")]
    public async Task Its_messages_are_nobodys_after_a_restart_until_it_is_back(string unknownTopics)
    {
        await using Shop shop = await Shop.StartAsync(file =>
        {
            JsonArray topics = file.TopicsOfMain;
            file.Section.AsObject().Remove("Hubs");
            file.Section["Topics"] = topics.DeepClone();
            file.Section["UnknownTopics"] = unknownTopics;
            file.Write();
        });
        JsonArray topics = shop.File.Section["Topics"]!.AsArray();
        (await shop.PublishAsync("orders", """{"id": 1}""", SettingsFile.Till)).ShouldHaveStatus(HttpStatusCode.OK);
        JsonNode orders = topics[1]!;
        topics.RemoveAt(1);
        shop.File.Write();

        for (int i = 0; i < 2; i++)
        {
            await shop.RestartAsync();
            (await shop.GetAsync("/topics/orders/messages")).ShouldHaveStatus(HttpStatusCode.NotFound);
            (await shop.GetAsync("/messages?topic=orders")).ShouldHaveStatus(HttpStatusCode.Forbidden); // Monitors neither, as long as such messages are kept.
            (await shop.PublishAsync("orders", """{"id": 2}""")).ShouldHaveStatus(HttpStatusCode.NotFound);
            using JsonSocket stranger = await JsonSocket.ConnectAsync(shop, "/ws");
            var answer = await stranger.AskAsync("""{"type": "SUBSCRIBE", "topics": ["orders"], "since": "earliest"}""");
            answer.GetProperty("error_details")[0].GetProperty("code").GetString().ShouldBe("topic_not_found");
        }

        topics.Add(orders);
        shop.File.Write();
        await shop.WaitForAnswerAsync("orders", """{"id": 3}""", HttpStatusCode.OK, SettingsFile.Till);
        (await shop.GetAsync("/topics/orders/messages", SettingsFile.Desk)).Json.GetArrayLength().ShouldBe(2);
    }
}
