using System.Net;
using Carillon.Hubs;
using Microsoft.Extensions.Options;
using Shouldly;
using Xunit;

namespace Carillon.AspNetCore.Tests.Hosting;

public sealed class MappingTests
{
    [Fact]
    public async Task Route_that_is_null_is_not_there()
    {
        await using TwoHubs app = await TwoHubs.StartAsync(map: static app => app.MapHub("/", static hub =>
        {
            hub.Routes = new HubRoutes { SocketIO = null, Api = null };
            hub.AddTopic("t");
        }));

        (await app.PostAsync("/publish", "t")).Status.ShouldBe(HttpStatusCode.OK);
        (await app.GetAsync("/socket.io/?EIO=4&transport=polling")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await app.GetAsync("/readyz")).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Route_of_publishing_to_a_topic_is_chosen()
    {
        await using TwoHubs app = await TwoHubs.StartAsync(map: static app => app.MapHub("/shop", static hub =>
        {
            hub.Routes = new HubRoutes { PublishTo = "/in/{topic}/now" };
            hub.AddTopic("t");
        }));

        (await app.PostAsync("/shop/in/t/now", "t")).Status.ShouldBe(HttpStatusCode.OK);
        (await app.PostAsync("/shop/publish/t", "t")).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("/publish/topic")]
    [InlineData("/publish/{name}")]
    [InlineData("/publish/{topic}/")]
    public Task Wrong_route_of_publishing_to_a_topic_stops_the_start(string route) =>
        RefuseAsync<OptionsValidationException>(hub => hub.Routes = new HubRoutes { PublishTo = route }, "HubRoutes.PublishTo");

    [Theory]
    [InlineData("publish")]
    [InlineData("/")]
    [InlineData("")]
    [InlineData("/publish/")]
    public Task Wrong_route_stops_the_start(string route) => RefuseAsync<OptionsValidationException>(hub => hub.Routes = new HubRoutes { Publish = route }, "HubRoutes.Publish");

    [Theory]
    [InlineData("")]
    [InlineData("../chat")]
    [InlineData("Chat")]
    [InlineData("{tenant}")]
    public Task Wrong_name_stops_the_start(string name) => RefuseAsync<OptionsValidationException>(hub => hub.Name = name, "HubComposition.Name");

    [Fact]
    public Task Wrong_origin_stops_the_start() => RefuseAsync<OptionsValidationException>(static hub => hub.AllowedOrigins = ["https://example.org/"], "AllowedOrigins");

    [Fact]
    public Task Topic_that_is_there_twice_stops_the_start() => RefuseAsync<ArgumentException>(static hub => hub.AddTopic("t").AddTopic("t"), "'t'");

    [Fact]
    public Task Policy_that_does_not_exist_stops_the_start() =>
        RefuseAsync<InvalidOperationException>(static hub => hub.AddTopic("t", topic => topic with { Publishers = hub.Policy("no-such") }), "no-such");

    [Fact]
    public async Task Hubs_of_one_name_stop_the_start()
    {
        Task<TwoHubs> starting = TwoHubs.StartAsync(map: static app =>
        {
            app.MapHub("/a/b", static _ => { });
            app.MapHub("/a-b", static _ => { });
        });

        (await Should.ThrowAsync<InvalidOperationException>(starting)).Message.ShouldContain("'a-b'");
    }

    [Theory]
    [InlineData("/", "root")]
    [InlineData("/chat", "chat")]
    [InlineData("/Team/Chat/", "team-chat")]
    public void Name_follows_the_route(string route, string name) => HubName.OfRoute(route).ShouldBe(name);

    private static async Task RefuseAsync<T>(Action<HubComposition> compose, string part)
        where T : Exception =>
        (await Should.ThrowAsync<T>(TwoHubs.StartAsync(map: app => app.MapHub("/chat", compose)))).Message.ShouldContain(part);
}
