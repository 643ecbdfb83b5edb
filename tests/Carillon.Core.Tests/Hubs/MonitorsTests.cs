using Carillon.Access;
using Carillon.Consumers.InMemory;
using Carillon.Engines;
using Carillon.Engines.InMemory;
using Carillon.Errors;
using Carillon.Hubs;
using Carillon.Topics;
using Shouldly;
using Xunit;

namespace Carillon.Tests.Hubs;

public sealed class MonitorsTests
{
    private static readonly TopicName Payroll = TopicName.Create("payroll");
    private static readonly Topic GuardedTopic = new() { Name = Payroll, Subscribers = TopicAccess.Authenticated };

    [Fact]
    public async Task Anyone_monitors_a_hub_whose_topics_are_open_to_everyone()
    {
        await using Hub hub = await OpenAsync(new HubOptions { Topics = [Topic.Echo("echo"), new Topic { Name = Payroll, Publishers = TopicAccess.Nobody }] });
        (await CheckAsync(hub)).ShouldBeNull();
        hub.MayBeMonitored.ShouldBeTrue();
    }

    [Fact]
    public async Task Nobody_monitors_a_hub_with_a_guarded_topic()
    {
        await using Hub hub = await OpenAsync(new HubOptions { Topics = [GuardedTopic] });
        (await CheckAsync(hub)).ShouldNotBeNull().Code.ShouldBe(ErrorCode.Forbidden);
        hub.MayBeMonitored.ShouldBeFalse();
    }

    [Fact]
    public async Task Nobody_monitors_from_when_a_guarded_topic_is_added_also_after_it_was_removed_or_opened()
    {
        await using Hub hub = await OpenAsync(new HubOptions());
        await hub.AddTopicAsync(GuardedTopic, CancellationToken.None);
        (await CheckAsync(hub)).ShouldNotBeNull();

        await hub.AddTopicAsync(new Topic { Name = Payroll }, CancellationToken.None);
        (await CheckAsync(hub)).ShouldNotBeNull();

        await hub.RemoveTopicAsync(Payroll);
        (await CheckAsync(hub)).ShouldNotBeNull();
    }

    [Fact]
    public async Task Whoever_the_options_name_monitors_guarded_topics_too()
    {
        await using Hub hub = await OpenAsync(new HubOptions { Topics = [GuardedTopic], Monitors = TopicAccess.Anyone });
        (await CheckAsync(hub)).ShouldBeNull();
        hub.MayBeMonitored.ShouldBeTrue();
    }

    private static ValueTask<Error?> CheckAsync(Hub hub) => hub.CheckMonitorAsync(Requester.Anonymous, CancellationToken.None);

    private static async Task<Hub> OpenAsync(HubOptions options)
    {
        var hub = new Hub(options, new InMemoryTopicEngine(new EngineOptions(), TimeProvider.System), new InMemoryConsumerStore(), TimeProvider.System);
        await hub.StartAsync(CancellationToken.None);
        return hub;
    }
}
