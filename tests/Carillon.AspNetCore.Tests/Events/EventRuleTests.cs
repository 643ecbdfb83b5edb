using Carillon.Engines.Conformance;
using Carillon.Errors;
using Carillon.Hubs;
using Carillon.Rules;
using Carillon.Topics;
using Shouldly;
using Xunit;

namespace Carillon.AspNetCore.Tests.Events;

/// <summary>Rules of a hub over server-sent events: the broken one is the stream's last event.</summary>
public sealed class EventRuleTests
{
    private readonly ManualTimeProvider _time = new();

    [Fact]
    public async Task Stream_of_more_topics_than_a_client_may_hold_is_told_and_ended()
    {
        await using EventApplication app = await StartAsync(HubRule.MaxSubscriptions(1));
        await using EventClient client = await app.ListenAsync("topic=a&topic=b");

        _time.Advance(TimeSpan.FromSeconds(1));

        ReceivedEvent told = await client.NextAsync("rule_broken");
        told.Data.ShouldBe("""{"error":"A client must hold at most 1 subscriptions; it holds 2","code":"rule_broken"}""");
        (await client.NextAsync()).ShouldBeNull();
    }

    [Fact]
    public async Task Stream_that_loses_its_topics_has_the_grace_of_the_rule()
    {
        await using EventApplication app = await StartAsync(HubRule.MinSubscriptions(2, TimeSpan.FromSeconds(30)));
        await using EventClient client = await app.ListenAsync("topic=a&topic=b");
        Pass(60);
        await app.Hub.RemoveTopicAsync(TopicName.Create("a"));
        await client.NextAsync("unsubscribed");

        Pass(29);
        await app.PublishAsync("b", "1");
        (await client.NextAsync("message"))["message"].ShouldBe("1");
        Pass(2);

        (await client.NextAsync("rule_broken"))["code"].ShouldBe("rule_broken");
        (await client.NextAsync()).ShouldBeNull();
    }

    [Fact]
    public async Task Rule_about_pings_does_not_hold_where_a_client_cannot_send()
    {
        var own = new Recording();
        await using EventApplication app = await StartAsync(HubRule.PingInterval(TimeSpan.FromSeconds(1)), own);
        await using EventClient client = await app.ListenAsync("topic=a");

        Pass(10);

        own.SincePing.ShouldBeNull();
        own.Subscriptions.ShouldBe(1);
        await app.PublishAsync("a", "1");
        (await client.NextAsync("message"))["message"].ShouldBe("1");
    }

    private Task<EventApplication> StartAsync(params IHubRule[] rules) => EventApplication.StartAsync(new HubOptions { Rules = rules }, time: _time);

    private void Pass(int seconds)
    {
        for (int i = 0; i < seconds; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
        }
    }

    private sealed class Recording : IHubRule
    {
        public TimeSpan? SincePing { get; private set; } = TimeSpan.MaxValue;

        public int Subscriptions { get; private set; }

        public Error? Check(in ClientState client)
        {
            (SincePing, Subscriptions) = (client.SincePing, client.Subscriptions);
            return null;
        }
    }
}
