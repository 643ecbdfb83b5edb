using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Carillon.Access;
using Carillon.Hubs;
using Carillon.Specs;
using Carillon.Topics;
using Shouldly;
using Xunit;

namespace Carillon.AspNetCore.Tests.Events;

/// <summary>Publishing and reading by the topic's name in the route, and batches.</summary>
public sealed class TopicRouteTests : IAsyncLifetime
{
    private static readonly HubOptions Hub = new()
    {
        UnknownTopics = UnknownTopics.Closed,
        Topics =
        [
            new Topic { Name = TopicName.Create("open") },
            new Topic { Name = TopicName.Create("a/b") },
            new Topic { Name = TopicName.Create("guarded"), Publishers = TopicAccess.ApiKeys("reader"), Subscribers = TopicAccess.ApiKeys("reader") },
            new Topic { Name = TopicName.Create("small"), MaxPayloadBytes = 16 },
            new Topic { Name = TopicName.Create("slow"), Rate = new PublishRate { Messages = 1, Per = TimeSpan.FromHours(1) } },
            new Topic { Name = TopicName.Create("timed"), Appended = new AppendedFields(AppendedField.ServerTime("at")) },
        ],
    };

    private EventApplication _app = null!;

    public async ValueTask InitializeAsync() => _app = await EventApplication.StartAsync(Hub);

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Theory]
    [InlineData("/publish/open")]
    [InlineData("/publish/open/")]
    public async Task Publish_answers_in_the_contracts_shape(string path)
    {
        HubApplication.Answer answer = await PostAsync(path, """{"a": 1}""", headers: ("nonce", "7"));

        answer.Status.ShouldBe(HttpStatusCode.OK);
        answer.Text.ShouldBe("""{"success":["open"],"errors":[],"nonce":7}""");
        (await _app.GetAsync("/topics/open/messages")).Json[0].GetProperty("message").GetRawText().ShouldBe("""{"a":1}""");
    }

    [Theory]
    [InlineData("/publish/open", "{", 400, "invalid_json")]
    [InlineData("/publish/open", "[1]", 400, "invalid_json")]
    [InlineData("/publish/open", "{\"a\":1,\"a\":2}", 400, "duplicate_key")]
    [InlineData("/publish/none", "{}", 400, "topic_not_found")]
    [InlineData("/publish/%24sys", "{}", 400, "invalid_field")]
    [InlineData("/publish/a%0Ab", "{}", 400, "invalid_field")]
    [InlineData("/publish/'%3B%20DROP%20TABLE%20messages--", "{}", 400, "topic_not_found")]
    [InlineData("/publish/open?message_id=a%0D%0Aevent:x", "{}", 400, "invalid_field")]
    [InlineData("/publish/open?mesage_id=a", "{}", 400, "invalid_field")]
    [InlineData("/publish/guarded", "{}", 401, "unauthorized")]
    [InlineData("/publish/small", "{\"a\":\"0123456789\"}", 413, "payload_too_large")]
    public async Task Publish_what_is_wrong_is_refused_with_its_status(string path, string body, int status, string code)
    {
        HubApplication.Answer answer = await PostAsync(path, body);

        ((int)answer.Status).ShouldBe(status);
        answer.Json.GetProperty("success").GetArrayLength().ShouldBe(0);
        answer.Json.GetProperty("errors")[0].GetProperty("code").GetString().ShouldBe(code);
        answer.Json.GetProperty("errors")[0].GetProperty("message").GetString().ShouldNotBeNullOrEmpty();
    }

    [Fact]
    public async Task Publish_takes_credentials_by_the_contracts_headers_and_as_a_bearer()
    {
        (await PostAsync("/publish/guarded", "{}", headers: [("type", "application"), ("token", EventApplication.SecretOf("reader"))])).Status.ShouldBe(HttpStatusCode.OK);
        (await PostAsync("/publish/guarded", "{}", headers: ("Authorization", $"Bearer {EventApplication.SecretOf("reader")}"))).Status.ShouldBe(HttpStatusCode.OK);
        (await PostAsync("/publish/guarded", "{}", headers: [("type", "application"), ("token", "wrong")])).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await PostAsync("/publish/guarded", "{}", headers: ("Authorization", $"Bearer {EventApplication.SecretOf("other")}"))).Status.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task Publish_above_the_rate_is_429()
    {
        (await PostAsync("/publish/slow", "{}")).Status.ShouldBe(HttpStatusCode.OK);
        (await PostAsync("/publish/slow", "{}")).Status.ShouldBe(HttpStatusCode.TooManyRequests);
    }

    [Theory]
    [InlineData("application/json", "[{\"topic\":\"open\",\"message\":1},{\"topic\":\"none\",\"message\":2},{\"topic\":\"open\"},{\"topic\":\"open\",\"message\":3}]")]
    [InlineData("application/x-ndjson", "{\"topic\":\"open\",\"message\":1}\n{\"topic\":\"none\",\"message\":2}\r\n\n{\"topic\":\"open\"}\n{\"topic\":\"open\",\"message\":3}")]
    public async Task Batch_answers_each_message_and_keeps_their_order(string type, string body)
    {
        HubApplication.Answer answer = await PostAsync("/publish", body, type);

        answer.Status.ShouldBe(HttpStatusCode.OK);
        answer.Json.EnumerateArray().Select(static item => item.GetProperty("status").GetString()).ShouldBe(["ok", "error", "error", "ok"]);
        answer.Json[1].GetProperty("code").GetString().ShouldBe("topic_not_found");
        answer.Json[2].GetProperty("field").GetString().ShouldBe("message");
        answer.Json[3].GetProperty("offset").GetInt32().ShouldBe(2);
    }

    [Fact]
    public async Task Batch_keeps_the_order_of_a_thousand_and_refuses_one_more()
    {
        string Lines(int count) => string.Join('\n', Enumerable.Range(1, count).Select(static i => $$"""{"topic":"open","message":{{i}}}"""));

        (await PostAsync("/publish", Lines(1001), "application/x-ndjson")).Status.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        JsonElement answers = (await PostAsync("/publish", Lines(1000), "application/x-ndjson")).Json;

        answers.EnumerateArray().Select(static item => item.GetProperty("offset").GetInt32()).ShouldBe(Enumerable.Range(1, 1000));
        (await _app.GetAsync("/topics/open/messages?limit=1000")).Json.EnumerateArray().Select(static row => row.GetProperty("message").GetInt32()).ShouldBe(Enumerable.Range(1, 1000));
    }

    [Theory]
    [InlineData("[{\"topic\":\"open\",\"message\":1}")]
    [InlineData("[{\"topic\":\"open\",\"message\":1}] x")]
    [InlineData("[]")]
    public async Task Batch_that_is_no_list_stores_nothing(string body)
    {
        HubApplication.Answer answer = await PostAsync("/publish", body);

        answer.Status.ShouldBe(HttpStatusCode.BadRequest);
        answer["code"].ShouldBe("invalid_json");
        (await _app.GetAsync("/topics/open/messages")).Text.ShouldBe("[]");
    }

    [Fact]
    public async Task Topics_are_shown_to_those_who_may_subscribe()
    {
        (string, string) reader = ("Authorization", $"Bearer {EventApplication.SecretOf("reader")}");

        NamesOf(await _app.GetAsync("/topics")).ShouldBe(["a/b", "open", "slow", "small", "timed"]);
        NamesOf(await _app.GetAsync("/topics", reader)).ShouldContain("guarded");
        HubApplication.Answer page = await _app.GetAsync("/topics?limit=2&after=a/b");
        NamesOf(page).ShouldBe(["open", "slow"]);
        page.Headers.GetValues("Link").Single().ShouldContain("after=slow");
        (await _app.GetAsync("/topics/guarded")).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await _app.GetAsync("/topics/guarded/messages")).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await _app.GetAsync("/topics/guarded", ("Authorization", $"Bearer {EventApplication.SecretOf("other")}"))).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await _app.GetAsync("/topics/none")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await _app.GetAsync("/topics/a%2Fb"))["topic"].ShouldBe("a/b");
        (await _app.GetAsync("/topics/open/messages?after=-1%20OR%201")).Status.ShouldBe(HttpStatusCode.BadRequest);
        HubApplication.Answer guarded = await _app.GetAsync("/topics/guarded", reader);
        guarded["publishers"].ShouldBe("applications with the API key 'reader'");
        guarded["last_offset"].ShouldBe("0");
        (await _app.GetAsync("/topics/timed"))["appended"].ShouldBe("[\"at\"]");
    }

    [Fact]
    public async Task Topics_that_may_not_be_seen_are_passed_over_a_thousand_at_a_time_and_never_named()
    {
        for (int i = 0; i < 1500; i++)
        {
            await _app.Hub.AddTopicAsync(new Topic { Name = TopicName.Create($"hidden{i:d4}"), Subscribers = TopicAccess.Nobody }, CancellationToken.None);
        }

        HubApplication.Answer first = await _app.GetAsync("/topics?after=guarded&limit=3");
        NamesOf(first).ShouldBeEmpty();
        string next = first.Headers.GetValues("Link").Single();
        next.ShouldContain("cursor=");
        next.ShouldNotContain("hidden");

        HubApplication.Answer second = await _app.GetAsync(AddressIn(next));
        NamesOf(second).ShouldBe(["open", "slow", "small"]);
        next = second.Headers.GetValues("Link").Single();
        next.ShouldContain("after=small");
        next.ShouldNotContain("cursor");

        HubApplication.Answer third = await _app.GetAsync(AddressIn(next));
        NamesOf(third).ShouldBe(["timed"]);
        third.Headers.Contains("Link").ShouldBeFalse();
        (await _app.GetAsync("/topics?cursor=open")).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await _app.GetAsync($"/topics?cursor={new string('A', 379)}")).Status.ShouldBe(HttpStatusCode.BadRequest);

        static string AddressIn(string link) => link[1..link.IndexOf('>', StringComparison.Ordinal)];
    }

    [Fact]
    public async Task Messages_of_a_topic_are_read_upward_page_by_page()
    {
        for (int i = 1; i <= 5; i++)
        {
            await _app.PublishAsync("open", $"{i}");
        }

        HubApplication.Answer page = await _app.GetAsync("/topics/open/messages?after=1&limit=2");

        page.Json.EnumerateArray().Select(static row => row.GetProperty("offset").GetInt32()).ShouldBe([2, 3]);
        page.Headers.GetValues("Link").Single().ShouldContain("after=3");
    }

    private static IEnumerable<string?> NamesOf(HubApplication.Answer answer) => answer.Json.EnumerateArray().Select(static topic => topic.GetProperty("topic").GetString());

    private async Task<HubApplication.Answer> PostAsync(string path, string body, string type = "application/json", params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, _app.Address(path)) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) };
        request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        foreach ((string name, string value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await HubApplication.Answer.ReadAsync(await _app.Http.SendAsync(request));
    }
}
