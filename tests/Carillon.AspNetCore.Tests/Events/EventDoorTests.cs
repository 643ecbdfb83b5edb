using System.Net;
using Carillon.AspNetCore.Events;
using Carillon.Hubs;
using Shouldly;
using Xunit;

namespace Carillon.AspNetCore.Tests.Events;

/// <summary>What a stranger sends: each gets a clear error, and nothing is stored.</summary>
public sealed class EventDoorTests : IAsyncLifetime
{
    private EventApplication _app = null!;

    public static TheoryData<string> WrongQueries =>
    [
        "", "?topic=", "?topic=%24x", "?topic=a%00b", "?topic=a%0D%0Ab", "?topic=%0A", $"?topic={new string('a', 4_000)}", "?topic=t&topc=u", "?topic=>.a", "?topic=t&since=",
        "?topic=t&since=yesterday", "?topic=t&since=-1", "?topic=t&since=1e400", "?topic=t&since=NaN", "?topic=t&since=earliest&since=earliest",
        "?topic=t&since=1%27%20OR%201=1--", "?topic=t&since=c1~x", "?topic=t&'%3BDROP%20TABLE%20messages--=1",
        "?" + string.Join('&', Enumerable.Range(0, 51).Select(static i => $"topic=t{i}")),
    ];

    public static TheoryData<string> WrongIds =>
    [
        "1", "c1~", "c2~AAAAAAAAe.1", "c1~AAAAAAAAe", "c1~AAAAAAAAe.-1", "c1~AAAAAAAAe.99999999999999999999", "c1~AAAAAAAAe.1~AAAAAAAAe.2", "c1~AAAAAAAAe.1 ; DROP TABLE messages",
        "c1~AAAAAAAA'.1", $"c1~AAAAAAAA{new string('e', 65)}.1", "c1" + string.Concat(Enumerable.Range(0, 1200).Select(static i => $"~{i:D8}e.1")),
        "c1~AAAAAAAAe.1\tevent: x", "c1~AAAAAAAAe.1%0d%0aevent: x",
    ];

    public async ValueTask InitializeAsync() => _app = await EventApplication.StartAsync(options: new EventStreamOptions { AllowedOrigins = ["https://good.example", "*.wide.example"] });

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Theory]
    [MemberData(nameof(WrongQueries))]
    public async Task Wrong_query_is_refused_with_a_clear_error_and_creates_nothing(string query)
    {
        HubApplication.Answer answer = await _app.GetAsync($"/events{query}");

        answer.Status.ShouldBe(HttpStatusCode.BadRequest);
        answer["status"].ShouldBe("error");
        answer["code"].ShouldBeOneOf("invalid_field", "missing_field");
        _app.Hub.TopicCount.ShouldBe(0);
    }

    [Theory]
    [MemberData(nameof(WrongIds))]
    public async Task Wrong_id_is_refused_with_a_clear_error_and_creates_nothing(string id)
    {
        HubApplication.Answer answer = await _app.GetAsync("/events?topic=t", ("Last-Event-ID", id));

        answer.Status.ShouldBe(HttpStatusCode.BadRequest);
        answer.Text.ShouldContain("Last-Event-ID");
        _app.Hub.TopicCount.ShouldBe(0);
    }

    [Theory]
    [InlineData("/events?topic=")]
    [InlineData("/publish/")]
    [InlineData("/topics/")]
    public async Task Name_of_10_KB_is_refused_by_the_limit_of_request_lines(string path)
    {
        (await _app.GetAsync($"{path}{new string('a', 10_240)}")).Status.ShouldBe(HttpStatusCode.RequestUriTooLong);
        _app.Hub.TopicCount.ShouldBe(0);
    }

    [Fact]
    public async Task Id_of_40_KB_is_refused_by_the_limit_of_headers()
    {
        (await _app.GetAsync("/events?topic=t", ("Last-Event-ID", new string('a', 40_000)))).Status.ShouldBe(HttpStatusCode.RequestHeaderFieldsTooLarge);
        _app.Hub.TopicCount.ShouldBe(0);
    }

    [Fact]
    public async Task SQL_as_a_topic_is_a_name_like_any_other()
    {
        await using EventClient client = await _app.ListenAsync("topic=%27%3B%20DROP%20TABLE%20messages%3B--");
        await _app.PublishAsync("'; DROP TABLE messages;--", "1");

        (await client.NextAsync("message"))["topic"].ShouldBe("'; DROP TABLE messages;--");
    }

    [Theory]
    [InlineData("1,\n2")]
    [InlineData("1,\r2")]
    [InlineData("1,\r\n\r\nevent: forged\r\ndata: 2")]
    public async Task Line_ends_in_a_payload_never_begin_another_field(string inner)
    {
        await using EventClient client = await _app.ListenAsync("topic=t");

        await _app.PublishAsync("t", $"[{inner}]"); // As an application may that publishes without a protocol in between.

        ReceivedEvent message = await client.NextAsync("message");
        message.Data.ReplaceLineEndings("\n").ShouldContain($"[{inner.ReplaceLineEndings("\n")}]");
        await _app.PublishAsync("t", "\"next\"");
        (await client.NextAsync("message"))["message"].ShouldBe("next");
    }

    [Theory]
    [InlineData("https://good.example", true)]
    [InlineData("https://a.wide.example", true)]
    [InlineData("https://bad.example", false)]
    [InlineData("https://wide.example.bad.example", false)]
    [InlineData("null", false)]
    public async Task Origin_is_checked_on_every_request(string origin, bool allowed)
    {
        HubApplication.Answer preflight = await _app.SendAsync(HttpMethod.Options, "/events?topic=t", ("Origin", origin), ("Access-Control-Request-Method", "GET"));
        HubApplication.Answer head = await _app.SendAsync(HttpMethod.Head, "/events?topic=t", ("Origin", origin));

        preflight.Status.ShouldBe(allowed ? HttpStatusCode.NoContent : HttpStatusCode.Forbidden);
        head.Status.ShouldBe(allowed ? HttpStatusCode.OK : HttpStatusCode.Forbidden);
        foreach (HubApplication.Answer answer in new[] { preflight, head })
        {
            answer.Headers.Vary.ShouldContain("Origin");
            answer.Headers.TryGetValues("Access-Control-Allow-Origin", out IEnumerable<string>? named);
            named?.Single().ShouldBe(allowed ? origin : null);
            (named is not null).ShouldBe(allowed);
        }

        if (allowed)
        {
            await using EventClient client = await _app.ListenAsync("topic=t", ("Origin", origin));
            client.Response.Headers.GetValues("Access-Control-Allow-Credentials").ShouldBe(["true"]);
        }
        else
        {
            (await _app.GetAsync("/events?topic=t", ("Origin", origin))).Status.ShouldBe(HttpStatusCode.Forbidden);
        }
    }

    [Fact]
    public async Task Other_methods_are_not_allowed()
    {
        HubApplication.Answer answer = await _app.SendAsync(HttpMethod.Post, "/events?topic=t");

        answer.Status.ShouldBe(HttpStatusCode.MethodNotAllowed);
        answer["code"].ShouldBe("method_not_allowed");
    }

    [Fact]
    public async Task Unknown_topic_of_a_closed_hub_is_404()
    {
        await using EventApplication app = await EventApplication.StartAsync(new HubOptions { UnknownTopics = UnknownTopics.Closed });

        (await app.GetAsync("/events?topic=t")).Status.ShouldBe(HttpStatusCode.NotFound);
    }
}
