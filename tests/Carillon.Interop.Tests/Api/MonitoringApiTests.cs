using System.Net;
using System.Text.Json;
using Carillon.Interop.Tests.Clients;
using Carillon.Interop.Tests.Http;
using Carillon.Interop.Tests.Servers;

namespace Carillon.Interop.Tests.Api;

/// <summary>The graph, and the addresses an operator watches.</summary>
public sealed class MonitoringApiTests(SharedProcesses shared)
{
    private CarillonApi Api => shared.Server.Api;

    [Fact]
    public async Task The_graph_links_producers_to_topics_and_topics_to_consumers()
    {
        var (producer, topic, consumer) = (Names.Consumer("producer"), Names.Topic(), Names.Consumer());
        await using var client = await shared.ConnectAsync(ClientKind.NodeWebSocket);
        await client.SubscribeAsync(consumer, topic);
        await Api.PublishOkAsync(topic, 1, producer: producer);
        await Api.PublishOkAsync(topic, 2, producer: producer);

        var graph = (await Api.GetAsync("/graph/state")).ShouldHaveStatus(HttpStatusCode.OK).Json;

        NamesIn(graph, "producers").ShouldContain(producer);
        NamesIn(graph, "topics").ShouldContain(topic);
        NamesIn(graph, "consumers").ShouldContain(consumer);
        foreach (var list in (string[])["producers", "topics", "consumers"])
        {
            NamesIn(graph, list).ShouldBeUnique();
        }

        var links = graph.GetProperty("links").EnumerateArray().Select(link => (link.Text("source"), link.Text("target"), link.Text("type"))).ToList();
        links.Count(link => link == (producer, topic, "publish")).ShouldBe(1);
        links.Count(link => link == (topic, consumer, "consume")).ShouldBe(1);
    }

    [Theory]
    [InlineData("/healthz")]
    [InlineData("/readyz")]
    [InlineData("/stats")]
    public async Task Operators_are_answered_with_200(string path) => (await Api.GetAsync(path)).ShouldHaveStatus(HttpStatusCode.OK);

    [Fact]
    public async Task Metrics_are_prometheus_text()
    {
        await Api.PublishOkAsync(Names.Topic(), 1);

        var answer = (await Api.GetAsync("/metrics")).ShouldHaveStatus(HttpStatusCode.OK);

        answer.MediaType.ShouldBe("text/plain");
        answer.Text.ShouldContain("# TYPE carillon_");
    }

    [Fact]
    public async Task The_OpenAPI_document_describes_every_path()
    {
        var paths = (await Api.GetAsync("/openapi.json")).ShouldHaveStatus(HttpStatusCode.OK).Json.GetProperty("paths");

        foreach (var path in (string[])["/publish", "/clients", "/messages", "/consumptions", "/graph/state", "/stats", "/healthz", "/readyz"])
        {
            paths.TryGetProperty(path, out _).ShouldBeTrue(path);
        }
    }

    [Fact]
    public async Task An_unknown_route_is_answered_with_404_in_JSON()
    {
        var answer = (await Api.GetAsync("/no/such/page")).ShouldHaveStatus(HttpStatusCode.NotFound);

        answer.MediaType.ShouldBe("application/json");
        answer.Json.Text("status").ShouldBe("error");
    }

    private static IEnumerable<string?> NamesIn(JsonElement graph, string list) => graph.GetProperty(list).EnumerateArray().Select(name => name.GetString());
}
