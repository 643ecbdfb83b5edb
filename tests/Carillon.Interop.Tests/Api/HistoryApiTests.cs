using System.Text.Json.Nodes;
using Carillon.Interop.Tests.Http;
using Carillon.Interop.Tests.Servers;

namespace Carillon.Interop.Tests.Api;

/// <summary><c>GET /messages</c>: order, filters and paging.</summary>
public sealed class HistoryApiTests(SharedProcesses shared)
{
    private CarillonApi Api => shared.Server.Api;

    [Fact]
    public async Task Messages_are_listed_newest_first_with_every_field()
    {
        var topic = Names.Topic();
        await Api.PublishOkAsync(topic, 1, "id-1", "p");
        await Api.PublishOkAsync(topic, JsonNode.Parse("""{"n": 2}"""), "id-2", "p");

        var rows = await Api.ListAsync($"/messages?topic={topic}");

        rows.Select(JsonShould.Offset).ShouldBe([2L, 1L]);
        var newest = rows[0];
        newest.Text("topic").ShouldBe(topic);
        newest.Text("message_id").ShouldBe("id-2");
        newest.GetProperty("message").ShouldBeJson(JsonNode.Parse("""{"n": 2}"""));
        newest.Text("producer").ShouldBe("p");
        newest.GetProperty("timestamp").ShouldBeATimeOfNow();
    }

    [Fact]
    public async Task A_plain_GET_lists_the_newest_of_all_topics_in_a_bare_array()
    {
        var topic = Names.Topic();
        await Api.PublishOkAsync(topic, "newest of all, nearly");

        var rows = await Api.ListAsync("/messages");

        rows.ShouldContain(row => row.Text("topic") == topic);
        rows.Count.ShouldBeLessThanOrEqualTo(100);
        var times = rows.Select(row => row.GetProperty("timestamp").GetDouble()).ToList();
        times.ShouldBe(times.OrderDescending());
    }

    [Fact]
    public async Task Messages_are_filtered_by_producer()
    {
        var (topic, producer) = (Names.Topic(), Names.Consumer("producer"));
        await Api.PublishOkAsync(topic, 1, producer: producer);
        await Api.PublishOkAsync(topic, 2, producer: "somebody else");

        var rows = await Api.ListAsync($"/messages?producer={producer}");

        rows.ShouldHaveSingleItem().GetProperty("message").GetInt32().ShouldBe(1);
    }

    [Fact]
    public async Task Messages_are_filtered_by_message_id_and_by_time()
    {
        var topic = Names.Topic();
        for (var i = 1; i <= 3; i++)
        {
            await Api.PublishOkAsync(topic, i, $"id-{i}");

            // The next one at least a millisecond later: times have three decimals.
            var published = (await Api.HistoryAsync(topic))[^1].GetProperty("timestamp").GetDouble();
            SpinWait.SpinUntil(() => TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() / 1000.0 > published);
        }

        var second = (await Api.HistoryAsync(topic))[1].GetProperty("timestamp").GetRawText();

        (await Api.ListAsync($"/messages?topic={topic}&message_id=id-2")).ShouldHaveSingleItem().Offset().ShouldBe(2);
        (await Api.ListAsync($"/messages?topic={topic}&from={second}")).Select(JsonShould.Offset).ShouldBe([3L, 2L]);
        (await Api.ListAsync($"/messages?topic={topic}&to={second}")).Select(JsonShould.Offset).ShouldBe([1L]);
    }

    [Fact]
    public async Task The_next_links_lead_through_all_rows_once()
    {
        var topic = Names.Topic("paged & ");
        for (var i = 1; i <= 25; i++)
        {
            await Api.PublishOkAsync(topic, i);
        }

        var pages = await Api.PagesAsync($"/messages?topic={Uri.EscapeDataString(topic)}&limit=10");

        pages.Select(page => page.Count).Where(count => count > 0).ShouldBe([10, 10, 5]);
        pages.SelectMany(page => page).Select(JsonShould.Offset).ShouldBe(Enumerable.Range(1, 25).Reverse().Select(n => (long)n));
    }

    [Fact]
    public async Task After_and_ascending_order_walk_a_topic_upward_from_any_point()
    {
        var topic = Names.Topic();
        for (var i = 1; i <= 12; i++)
        {
            await Api.PublishOkAsync(topic, i);
        }

        var rows = await Api.ListAsync($"/messages?topic={topic}&after=4&order=asc&limit=5");
        var rest = await Api.ListAsync($"/messages?topic={topic}&after=9&order=asc&limit=1000");

        rows.Select(JsonShould.Offset).ShouldBe([5L, 6L, 7L, 8L, 9L]);
        rest.Select(JsonShould.Offset).ShouldBe([10L, 11L, 12L]);
    }

    [Theory]
    [InlineData("/messages?limit=nonsense", "limit")]
    [InlineData("/messages?limit=0", "limit")]
    [InlineData("/messages?order=sideways", "order")]
    [InlineData("/messages?topik=t", "topik")]
    [InlineData("/clients?producer=p", "producer")]
    [InlineData("/consumptions?cursor=made-up", "cursor")]
    public async Task A_wrong_parameter_is_answered_with_400_that_names_it(string path, string named)
    {
        var answer = (await Api.GetAsync(path)).ShouldHaveStatus(System.Net.HttpStatusCode.BadRequest);

        answer.Json.Text("message")!.ShouldContain(named);
    }
}
