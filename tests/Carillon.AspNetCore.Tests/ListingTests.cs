using System.Net;
using System.Text.Json;
using Carillon.Consumers;
using Carillon.Hubs;
using Carillon.Messages;
using Carillon.Topics;
using Shouldly;
using Xunit;

namespace Carillon.AspNetCore.Tests;

public sealed class ListingTests : IAsyncLifetime
{
    private HubApplication _app = null!;

    public async ValueTask InitializeAsync() => _app = await HubApplication.StartAsync();

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task Messages_are_a_bare_array_newest_first_with_the_fields_of_the_contract()
    {
        await PublishAsync(3);

        JsonElement rows = (await _app.GetAsync("/messages")).Json;

        rows.EnumerateArray().Select(row => row.GetProperty("message").GetInt32()).ShouldBe([3, 2, 1]);
        rows[0].EnumerateObject().Select(field => field.Name).ShouldBe(["topic", "message_id", "message", "producer", "timestamp", "offset"]);
    }

    [Fact]
    public async Task Messages_walk_a_topic_upward_from_any_offset()
    {
        await PublishAsync(25);
        await PublishAsync(3, "other");

        (await OffsetsAsync("/messages?topic=t&after=20&order=asc&limit=1000")).ShouldBe([21, 22, 23, 24, 25]);
        (await OffsetsAsync("/messages?topic=t&after=25&order=asc")).ShouldBeEmpty();
        (await OffsetsAsync("/messages?topic=t&after=0&order=asc&limit=2")).ShouldBe([1, 2]);
    }

    [Fact]
    public async Task Messages_the_Link_header_leads_through_all_pages()
    {
        await PublishAsync(250);
        List<long> seen = [];
        string? next = "/messages?topic=t&limit=60";
        while (next is not null)
        {
            HubApplication.Answer page = await _app.GetAsync(next);
            seen.AddRange(page.Json.EnumerateArray().Select(row => row.GetProperty("offset").GetInt64()));
            next = page.Headers.TryGetValues("Link", out IEnumerable<string>? links) ? links.Single().Split('<', '>')[1] : null;
        }

        seen.ShouldBe(Enumerable.Range(1, 250).Reverse().Select(i => (long)i));
    }

    [Fact]
    public async Task Messages_filters_combine()
    {
        await _app.PublishAsync("""{"topic":"a","message":1,"producer":"p","message_id":"x"}""");
        await _app.PublishAsync("""{"topic":"a","message":2,"producer":"q"}""");
        await _app.PublishAsync("""{"topic":"b","message":3,"producer":"p"}""");

        (await CountAsync("/messages?producer=p")).ShouldBe(2);
        (await CountAsync("/messages?producer=p&topic=a")).ShouldBe(1);
        (await CountAsync("/messages?message_id=x")).ShouldBe(1);
        (await CountAsync("/messages?from=1&to=2")).ShouldBe(0);
        (await CountAsync("/messages?from=1.5")).ShouldBe(3);
        (await CountAsync("/messages?topic=a'%20OR%201=1--")).ShouldBe(0);
    }

    [Theory]
    [InlineData("/messages?limit=0", "limit")]
    [InlineData("/messages?limit=1001", "limit")]
    [InlineData("/messages?limit=x", "limit")]
    [InlineData("/messages?order=up", "order")]
    [InlineData("/messages?after=5", "after")]
    [InlineData("/messages?topic=t&after=-1", "after")]
    [InlineData("/messages?from=yesterday", "from")]
    [InlineData("/messages?to=1e999", "to")]
    [InlineData("/messages?cursor=abc", "cursor")]
    [InlineData("/messages?topic=", "topic")]
    [InlineData("/messages?topic=a&topic=b", "topic")]
    [InlineData("/messages?topci=a", "topci")]
    [InlineData("/consumptions?producer=a", "producer")]
    [InlineData("/clients?consumer=%00", "consumer")]
    public async Task A_wrong_parameter_is_refused_by_name(string path, string parameter)
    {
        HubApplication.Answer answer = await _app.GetAsync(path);

        answer.Status.ShouldBe(HttpStatusCode.BadRequest);
        answer["field"].ShouldBe(parameter);
    }

    [Fact]
    public async Task A_parameter_that_only_breaks_caches_is_passed_over() =>
        (await _app.GetAsync("/messages?_=123")).Status.ShouldBe(HttpStatusCode.OK);

    [Fact]
    public async Task Consumptions_and_the_graph_show_what_was_recorded()
    {
        await _app.PublishAsync("""{"topic":"t","message":1,"producer":"p","message_id":"x"}""");
        var consumption = new Consumption
        {
            Consumer = "c",
            Topic = TopicName.Create("t"),
            MessageId = "x",
            Message = "{\"n\":1}"u8.ToArray(),
            Timestamp = new UnixTime(1_678_886_505_789),
        };
        await _app.Hub.ConsumedAsync(consumption, CancellationToken.None);

        (await _app.GetAsync("/consumptions")).Text.ShouldBe(
            """[{"consumer":"c","topic":"t","message_id":"x","message":{"n":1},"timestamp":1678886505.789}]""");
        (await _app.GetAsync("/graph/state")).Text.ShouldBe(
            """{"producers":["p"],"consumers":["c"],"topics":["t"],"links":[{"source":"p","target":"t","type":"publish"},{"source":"t","target":"c","type":"consume"}]}""");
    }

    [Theory]
    [InlineData("/messages")]
    [InlineData("/consumptions")]
    [InlineData("/clients")]
    [InlineData("/graph/state")]
    [InlineData("/stats")]
    [InlineData("/metrics")]
    public async Task Monitoring_is_refused_when_it_is_off_and_publishing_goes_on(string path)
    {
        await using HubApplication app = await HubApplication.StartAsync(new HubOptions { Monitoring = MonitoringAccess.Off });

        HubApplication.Answer answer = await app.GetAsync(path);

        answer.Status.ShouldBe(HttpStatusCode.Forbidden);
        answer["code"].ShouldBe("forbidden");
        (await app.PublishAsync("""{"topic":"t","message":1}""")).Status.ShouldBe(HttpStatusCode.OK);
        (await app.GetAsync("/healthz")).Status.ShouldBe(HttpStatusCode.OK);
    }

    private async Task PublishAsync(int count, string topic = "t")
    {
        for (int i = 1; i <= count; i++)
        {
            (await _app.PublishAsync($$"""{"topic":"{{topic}}","message":{{i}},"producer":"p"}""")).Status.ShouldBe(HttpStatusCode.OK);
        }
    }

    private async Task<int> CountAsync(string path) => (await _app.GetAsync(path)).Json.GetArrayLength();

    private async Task<IEnumerable<long>> OffsetsAsync(string path) =>
        (await _app.GetAsync(path)).Json.EnumerateArray().Select(row => row.GetProperty("offset").GetInt64());
}
