using System.Net;
using Carillon.Access;
using Carillon.Topics;
using Shouldly;
using Xunit;

namespace Carillon.AspNetCore.Tests;

public sealed class MonitorsDefaultTests : IAsyncLifetime
{
    private HubApplication _app = null!;

    public async ValueTask InitializeAsync() => _app = await HubApplication.StartAsync();

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task Monitors_leave_when_the_hub_gets_a_guarded_topic_and_see_none_of_its_messages()
    {
        await using SocketClient monitor = await SocketClient.ConnectAsync(_app, "/monitor");
        await _app.PublishAsync("""{"topic":"open","message":"for all"}""");
        (await monitor.NextEventAsync()).ShouldContain("for all");

        await _app.Hub.AddTopicAsync(new Topic { Name = TopicName.Create("payroll"), Subscribers = TopicAccess.Authenticated }, CancellationToken.None);
        (await _app.PublishAsync("""{"topic":"payroll","message":"secret"}""")).Status.ShouldBe(HttpStatusCode.OK);

        (await monitor.NextPacketAsync()).ShouldBe("41/monitor,");
    }

    [Theory]
    [InlineData("/messages")]
    [InlineData("/graph/state")]
    [InlineData("/clients")]
    public async Task Listings_are_closed_when_a_topic_is_guarded(string path)
    {
        (await _app.GetAsync(path)).Status.ShouldBe(HttpStatusCode.OK);

        await _app.Hub.AddTopicAsync(new Topic { Name = TopicName.Create("payroll"), Subscribers = TopicAccess.Authenticated }, CancellationToken.None);

        (await _app.GetAsync(path)).Status.ShouldBe(HttpStatusCode.Forbidden); // No credentials would help.
        await using SocketClient monitor = await SocketClient.ConnectAsync(_app, "/monitor");
        monitor.Joined.ShouldStartWith("44");
    }
}
