using System.Net;
using System.Text.Json.Nodes;
using Carillon.Interop.Tests.Clients;
using Carillon.Interop.Tests.Http;
using Carillon.Interop.Tests.Servers;

namespace Carillon.Interop.Tests.Rooms;

/// <summary>What the room-style publisher program looks at: the status code, the words of the answer, and whether a topic exists.</summary>
public sealed class UnknownTopicTests(SharedProcesses shared)
{
    [Theory]
    [InlineData("plain-")]
    [InlineData("with spaces & <signs> + ")]
    [InlineData("Wetter in Köln 🚀 ")]
    public async Task Publish_answers_with_the_words_the_publisher_program_prints(string word)
    {
        var topic = Names.Topic(word);

        var answer = await shared.Server.Api.PublishAsync(new JsonObject { ["topic"] = topic, ["message"] = "hello" });

        answer.ShouldHaveStatus(HttpStatusCode.OK).Text.ShouldContain($"Message published to topic '{topic}'", Case.Sensitive);
    }

    [Fact]
    public async Task Publish_to_an_unknown_topic_creates_it_by_default()
    {
        var topic = Names.Topic();

        await shared.Server.Api.PublishOkAsync(topic, "first");

        (await shared.Server.Api.HistoryAsync(topic)).ShouldHaveSingleItem().Offset().ShouldBe(1);
    }

    [Theory]
    [InlineData("plain-")]
    [InlineData("with spaces & <signs> + ")]
    [InlineData("Wetter in Köln 🚀 ")]
    public async Task Publish_to_an_unknown_topic_answers_404_when_unknown_topics_are_rejected(string word)
    {
        var topic = Names.Topic(word);

        var answer = await shared.RejectingServer.Api.PublishAsync(new JsonObject { ["topic"] = topic, ["message"] = "hello" });

        answer.ShouldHaveStatus(HttpStatusCode.NotFound).Text.ShouldContain($"Topic '{topic}' does not exist", Case.Sensitive);
        (await shared.RejectingServer.Api.HistoryAsync(topic)).ShouldBeEmpty();
    }

    [Theory]
    [EveryClient]
    public async Task A_topic_exists_from_the_first_subscription_on(ClientKind kind)
    {
        var topic = Names.Topic();
        await using (var client = await shared.ConnectAsync(kind, shared.RejectingServer))
        {
            await client.SubscribeToRoomAsync(topic);
            await shared.RejectingServer.Api.PublishOkAsync(topic, "subscribed");
            await client.WaitForAsync(e => e.IsEvent(topic), "the message");
            (await client.CallAsync("unsubscribe", new JsonObject { ["topic"] = topic })).ShouldBeOk();
            await shared.RejectingServer.Api.PublishOkAsync(topic, "nobody subscribed");
        }

        await shared.RejectingServer.Api.PublishOkAsync(topic, "nobody connected");
    }

    [Theory]
    [EveryClient]
    public async Task A_durable_subscription_creates_its_topics_too(ClientKind kind)
    {
        var (first, second) = (Names.Topic(), Names.Topic());
        await using var client = await shared.ConnectAsync(kind, shared.RejectingServer);

        await client.SubscribeAsync(Names.Consumer(), first, second);
        await shared.RejectingServer.Api.PublishOkAsync(first, 1);
        await shared.RejectingServer.Api.PublishOkAsync(second, 2);

        await client.WaitForAsync(e => e.IsMessageOf(second), "the message of the second topic");
    }

    [Theory]
    [EveryClient]
    public async Task Publishing_an_event_to_an_unknown_topic_is_answered_with_an_error(ClientKind kind)
    {
        var topic = Names.Topic();
        await using var client = await shared.ConnectAsync(kind, shared.RejectingServer);

        var answer = await client.CallAsync("publish", new JsonObject { ["topic"] = topic, ["message"] = "hello" });

        answer.ShouldBeError().ShouldContain($"Topic '{topic}' does not exist");
    }
}
