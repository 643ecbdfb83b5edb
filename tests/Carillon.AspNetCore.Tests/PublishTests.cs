using System.Net;
using System.Text;
using Carillon.Hubs;
using Shouldly;
using Xunit;

namespace Carillon.AspNetCore.Tests;

public sealed class PublishTests : IAsyncLifetime
{
    private HubApplication _app = null!;

    public static TheoryData<string, string, string?> Wrong => new()
    {
        { "", "invalid_json", null },
        { "not json", "invalid_json", null },
        { """{"topic":"t","message":1""", "invalid_json", null },
        { "[]", "invalid_json", null },
        { "\"text\"", "invalid_json", null },
        { "null", "invalid_json", null },
        { "{}", "missing_field", "topic" },
        { """{"message":1}""", "missing_field", "topic" },
        { """{"topic":"t"}""", "missing_field", "message" },
        { """{"topic":null,"message":1}""", "invalid_field", "topic" },
        { """{"topic":1,"message":1}""", "invalid_field", "topic" },
        { """{"topic":["t"],"message":1}""", "invalid_field", "topic" },
        { """{"topic":{},"message":1}""", "invalid_field", "topic" },
        { """{"topic":"","message":1}""", "invalid_field", "topic" },
        { """{"topic":"a\nb","message":1}""", "invalid_field", "topic" },
        { """{"topic":"a\u0000b","message":1}""", "invalid_field", "topic" },
        { """{"topic":"$x","message":1}""", "invalid_field", "topic" },
        { """{"topic":"\ud800","message":1}""", "invalid_field", "topic" },
        { $$"""{"topic":"{{new string('a', 256)}}","message":1}""", "invalid_field", "topic" },
        { $$"""{"topic":"{{new string('é', 128)}}","message":1}""", "invalid_field", "topic" },
        { """{"topic":"t","message":1,"message_id":5}""", "invalid_field", "message_id" },
        { """{"topic":"t","message":1,"message_id":""}""", "invalid_field", "message_id" },
        { """{"topic":"t","message":1,"message_id":"a\r\nb"}""", "invalid_field", "message_id" },
        { """{"topic":"t","message":1,"producer":true}""", "invalid_field", "producer" },
        { """{"topic":"t","message":1,"producer":""}""", "invalid_field", "producer" },
        { """{"topic":"t","topic":"u","message":1}""", "duplicate_key", "topic" },
        { """{"topic":"t","message":{"a":1,"a":2}}""", "duplicate_key", "message" },
        { $$"""{"topic":"t","message":{{new string('[', 65)}}{{new string(']', 65)}}}""", "invalid_json", "message" },
    };

    public static TheoryData<string> Payloads =>
    [
        "1e400", "-0", "12345678901234567890", "0.10", "1E+2", "\"\"", "null", "true", "[]", "{}",
        "{\"b\":1,\"a\":{\"z\":0,\"y\":[1,2.50]}}", "\"\\u00e9\\/\\\"\\\\\"", "\"😀 é\"", "\"\\ud83d\\ude00\"", "\"<img onerror=alert(1)>\"", "\"\\ud800\"",
    ];

    public async ValueTask InitializeAsync() => _app = await HubApplication.StartAsync();

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task Publish_answers_with_the_words_and_fields_of_the_contracts()
    {
        HubApplication.Answer answer = await _app.PublishAsync("""{"topic":"it's <news> in Köln 🚀","message_id":"m1","message":{"a":1},"producer":"p"}""");

        answer.Status.ShouldBe(HttpStatusCode.OK);
        answer["status"].ShouldBe("ok");
        answer["message_id"].ShouldBe("m1");
        answer["offset"].ShouldBe("1");
        answer.Json.GetProperty("timestamp").GetDouble().ShouldBeGreaterThan(1.7e9);
        answer.Text.ShouldContain("Message published to topic 'it's <news> in Köln 🚀'");
        answer.Json.TryGetProperty("duplicate", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task Publish_the_same_id_again_answers_with_the_first_offset()
    {
        await _app.PublishAsync("""{"topic":"t","message_id":"m1","message":1}""");
        await _app.PublishAsync("""{"topic":"t","message_id":"m2","message":2}""");

        HubApplication.Answer answer = await _app.PublishAsync("""{"topic":"t","message_id":"m1","message":3}""");

        answer.Status.ShouldBe(HttpStatusCode.OK);
        answer["offset"].ShouldBe("1");
        answer.Json.GetProperty("duplicate").GetBoolean().ShouldBeTrue();
        (await _app.GetAsync("/messages")).Json.GetArrayLength().ShouldBe(2);
    }

    [Theory]
    [MemberData(nameof(Wrong))]
    public async Task Publish_what_is_wrong_is_refused_by_name_and_stores_nothing(string body, string code, string? field)
    {
        HubApplication.Answer answer = await _app.PublishAsync(body);

        answer.Status.ShouldBe(HttpStatusCode.BadRequest);
        answer["status"].ShouldBe("error");
        answer["code"].ShouldBe(code);
        answer["field"].ShouldBe(field);
        answer["message"].ShouldNotBeNullOrEmpty();
        (await _app.GetAsync("/messages")).Text.ShouldBe("[]");
        (await _app.GetAsync("/stats"))["topics"].ShouldBe("0");
    }

    [Theory]
    [InlineData("topic", """ "message":1 """)]
    [InlineData("message", """ "topic":"t" """)]
    [InlineData("message_id", """ "topic":"t","message":1 """)]
    [InlineData("producer", """ "topic":"t","message":1 """)]
    public async Task Publish_every_wrong_value_of_a_field_is_refused_alone_and_in_a_batch_and_stores_nothing(string field, string others)
    {
        string[] values = field switch { "topic" => HostileJson.NoTopics, "message" => HostileJson.NoPayloads, _ => HostileJson.NoIdentifiers };
        foreach (string value in values)
        {
            string body = $$"""{"{{field}}":{{value}},{{others}}}""";
            HubApplication.Answer alone = await _app.PublishAsync(body);
            HubApplication.Answer batch = await _app.PublishAsync(Encoding.UTF8.GetBytes(body + "\n"), "application/x-ndjson");

            string shown = value[..Math.Min(value.Length, 80)];
            alone.Status.ShouldBeOneOf(HttpStatusCode.BadRequest, HttpStatusCode.RequestEntityTooLarge);
            alone["message"].ShouldNotBeNullOrEmpty(shown);
            (alone["field"] ?? field).ShouldBe(field, shown);
            batch.Json[0].GetProperty("code").GetString().ShouldBe(alone["code"], shown);
        }

        (await _app.GetAsync("/messages")).Text.ShouldBe("[]");
        _app.Hub.TopicCount.ShouldBe(0);
    }

    [Fact]
    public async Task Publish_bytes_that_are_not_UTF8_are_refused()
    {
        HubApplication.Answer answer = await _app.PublishAsync([.. "{\"topic\":\"t\",\"message\":\""u8, 0xFF, .. "\"}"u8]);

        answer.Status.ShouldBe(HttpStatusCode.BadRequest);
        answer["message"].ShouldNotBeNull().ShouldContain("UTF-8");
    }

    [Theory]
    [MemberData(nameof(Payloads))]
    public async Task Publish_the_payload_comes_out_as_it_went_in(string payload)
    {
        (await _app.PublishAsync($$"""{ "message" : {{payload}} , "topic" : "t" }""")).Status.ShouldBe(HttpStatusCode.OK);

        (await _app.GetAsync("/messages")).Text.ShouldContain($"\"message\":{payload},");
    }

    [Theory]
    [InlineData(256 * 1024, HttpStatusCode.OK)]
    [InlineData((256 * 1024) + 1, HttpStatusCode.RequestEntityTooLarge)]
    [InlineData(4 * 1024 * 1024, HttpStatusCode.RequestEntityTooLarge)]
    public async Task Publish_the_payload_limit_is_exact(int bytes, HttpStatusCode expected)
    {
        HubApplication.Answer answer = await _app.PublishAsync($$"""{"topic":"t","message":"{{new string('a', bytes - 2)}}"}""");

        answer.Status.ShouldBe(expected);
        if (expected != HttpStatusCode.OK)
        {
            answer["code"].ShouldBe("payload_too_large");
            (await _app.GetAsync("/messages")).Text.ShouldBe("[]");
        }
    }

    [Fact]
    public async Task Publish_a_body_without_a_length_is_cut_at_the_limit_while_reading()
    {
        using var content = new EndlessContent(512L * 1024 * 1024);
        content.Headers.ContentType = new("application/json");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/publish") { Content = content };

        HttpStatusCode? status = null;
        try
        {
            status = (await _app.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead)).StatusCode;
        }
        catch (HttpRequestException)
        {
            // The server may close the connection before the client has read the answer: it refused either way.
        }

        (status is null or HttpStatusCode.RequestEntityTooLarge).ShouldBeTrue();
        content.Sent.ShouldBeLessThan(64L * 1024 * 1024);
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData(null)]
    public async Task Publish_what_is_not_declared_as_JSON_is_refused(string? contentType)
    {
        HubApplication.Answer answer = await _app.PublishAsync("""{"topic":"t","message":1}"""u8.ToArray(), contentType);

        answer.Status.ShouldBe(HttpStatusCode.UnsupportedMediaType);
        answer["field"].ShouldBe("Content-Type");
    }

    [Theory]
    [InlineData("application/json; charset=utf-8")]
    [InlineData("Application/JSON")]
    [InlineData("application/vnd.api+json")]
    public async Task Publish_every_way_of_declaring_JSON_is_taken(string contentType) =>
        (await _app.PublishAsync("""{"topic":"t","message":1}"""u8.ToArray(), contentType)).Status.ShouldBe(HttpStatusCode.OK);

    [Fact]
    public async Task Publish_on_an_unknown_topic_is_404_when_the_hub_rejects()
    {
        await using HubApplication app = await HubApplication.StartAsync(new HubOptions { UnknownTopics = UnknownTopics.Reject });

        HubApplication.Answer answer = await app.PublishAsync("""{"topic":"T","message":1}""");

        answer.Status.ShouldBe(HttpStatusCode.NotFound);
        answer.Text.ShouldContain("Topic 'T' does not exist");
    }

    private sealed class EndlessContent(long most) : HttpContent
    {
        public long Sent { get; private set; }

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync(Encoding.UTF8.GetBytes("{\"topic\":\"t\",\"message\":\""));
            byte[] block = new byte[64 * 1024];
            Array.Fill(block, (byte)'a');
            while (Sent < most)
            {
                await stream.WriteAsync(block);
                Sent += block.Length;
            }
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
