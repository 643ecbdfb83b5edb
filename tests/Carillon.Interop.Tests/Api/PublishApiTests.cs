using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Carillon.Interop.Tests.Http;
using Carillon.Interop.Tests.Servers;

namespace Carillon.Interop.Tests.Api;

/// <summary><c>POST /publish</c> as producers use it.</summary>
public sealed class PublishApiTests(SharedProcesses shared)
{
    private CarillonApi Api => shared.Server.Api;

    [Fact]
    public async Task Publish_answers_ok_with_what_was_accepted()
    {
        var topic = Names.Topic();

        var answer = await Api.PublishOkAsync(topic, JsonNode.Parse("""{"type": "alert"}"""), "msg-unique-001", "admin-script");

        answer.Text("status").ShouldBe("ok");
        answer.Text("message_id").ShouldBe("msg-unique-001");
        answer.Offset().ShouldBe(1);
        answer.GetProperty("timestamp").ShouldBeATimeOfNow();
    }

    [Fact]
    public async Task Publish_without_a_message_id_generates_one()
    {
        var topic = Names.Topic();

        var first = await Api.PublishOkAsync(topic, "same");
        var second = await Api.PublishOkAsync(topic, "same");

        second.Offset().ShouldBe(2);
        first.Text("message_id").ShouldNotBeNullOrEmpty();
        second.Text("message_id").ShouldNotBe(first.Text("message_id"));
        (await Api.HistoryAsync(topic))[0].Text("message_id").ShouldBe(first.Text("message_id"));
    }

    [Fact]
    public async Task The_same_message_id_on_another_topic_is_another_message()
    {
        var (first, second, messageId) = (Names.Topic(), Names.Topic(), Names.MessageId());

        await Api.PublishOkAsync(first, 1, messageId);
        var answer = await Api.PublishOkAsync(second, 2, messageId);

        answer.Offset().ShouldBe(1);
        (await Api.HistoryAsync(second)).ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData("""{"message": 1}""", "topic")]
    [InlineData("""{"topic": "", "message": 1}""", "topic")]
    [InlineData("""{"topic": 3, "message": 1}""", "topic")]
    [InlineData("""{"topic": null, "message": 1}""", "topic")]
    [InlineData("""{"topic": "line\nbreak", "message": 1}""", "topic")]
    [InlineData("""{"topic": "t"}""", "message")]
    [InlineData("""{"topic": "t", "message": 1, "message_id": 5}""", "message_id")]
    [InlineData("""{"topic": "t", "message": 1, "producer": ["p"]}""", "producer")]
    [InlineData("""{"topic": "t", "topic": "u", "message": 1}""", "topic")]
    [InlineData("""{"topic": "t", "message": 1""", "JSON")]
    [InlineData("""not json""", "JSON")]
    [InlineData("", "JSON")]
    [InlineData("""null""", "object")]
    public async Task A_wrong_body_is_answered_with_400_and_what_is_wrong(string body, string named)
    {
        var answer = (await Api.PostAsync(body)).ShouldHaveStatus(HttpStatusCode.BadRequest);

        answer.MediaType.ShouldBe("application/json");
        answer.Json.Text("status").ShouldBe("error");
        answer.Json.Text("message")!.ShouldContain(named, Case.Insensitive);
    }

    [Fact]
    public async Task A_topic_of_255_bytes_is_accepted_and_of_256_is_not()
    {
        var longest = Names.Topic().PadRight(253, 'x') + "é";

        await Api.PublishOkAsync(longest, 1);
        var answer = await Api.PublishAsync(new JsonObject { ["topic"] = longest + "x", ["message"] = 1 });

        answer.ShouldHaveStatus(HttpStatusCode.BadRequest).Json.Text("message")!.ShouldContain("topic");
    }

    [Fact]
    public async Task Invalid_UTF8_is_answered_with_400()
    {
        byte[] body = [.. """{"topic": "t", "message": "a"""u8, 0xC3, 0x28, .. "\"}"u8];

        (await Api.PostAsync(body)).ShouldHaveStatus(HttpStatusCode.BadRequest).Json.Text("status").ShouldBe("error");
    }

    [Theory]
    [InlineData(64, HttpStatusCode.OK)]
    [InlineData(66, HttpStatusCode.BadRequest)]
    public async Task A_message_may_be_nested_64_deep(int depth, HttpStatusCode expected)
    {
        var body = $$"""{"topic": "{{Names.Topic()}}", "message": {{new string('[', depth)}}{{new string(']', depth)}}}""";

        (await Api.PostAsync(body)).ShouldHaveStatus(expected);
    }

    [Fact]
    public async Task A_payload_over_256_KiB_is_answered_with_413()
    {
        var topic = Names.Topic();

        await Api.PublishOkAsync(topic, new string('x', 250_000));
        var answer = await Api.PublishAsync(new JsonObject { ["topic"] = topic, ["message"] = new string('x', 300_000) });

        answer.ShouldHaveStatus(HttpStatusCode.RequestEntityTooLarge).Json.Text("status").ShouldBe("error");
        (await Api.HistoryAsync(topic)).ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData("1e400")]
    [InlineData("12345678901234567890123")]
    [InlineData("-0.10")]
    [InlineData("""{"b":1,"a":2,"B":3,"1":4}""")]
    [InlineData("\"\\u0000 \\ud83d\\ude80 \\/ < > & '\"")]
    [InlineData("null")]
    [InlineData("false")]
    [InlineData("\"\"")]
    public async Task A_message_comes_out_meaning_what_went_in(string message)
    {
        var topic = Names.Topic();

        (await Api.PostAsync($$"""{"topic": "{{topic}}", "message": {{message}}}""")).ShouldHaveStatus(HttpStatusCode.OK);

        // Numbers are compared digit by digit and members in their order: the text is what a parser cannot lose.
        var stored = (await Api.HistoryAsync(topic)).ShouldHaveSingleItem().GetProperty("message");
        Normal(stored.GetRawText()).ShouldBe(Normal(message));
    }

    private static string Normal(string json) => json is ['"', ..] ? System.Text.Json.JsonElement.Parse(Encoding.UTF8.GetBytes(json)).GetString()! : json;
}
