using Carillon.Access;
using Carillon.Consumers.InMemory;
using Carillon.Engines;
using Carillon.Engines.Conformance;
using Carillon.Engines.InMemory;
using Carillon.Hubs;
using Carillon.Publishing;
using Carillon.Resuming;
using Carillon.Sessions;
using Carillon.Topics;
using Shouldly;
using Xunit;

namespace Carillon.Tests.Hubs;

/// <summary>Topics that move between the engine that stores and the one that does not, and ephemeral ones that are removed.</summary>
public sealed class EngineChangeTests : IAsyncLifetime
{
    private static readonly TopicName Alpha = TopicName.Create("alpha");

    private readonly Hub _hub = new(new HubOptions(), new InMemoryTopicEngine(new EngineOptions(), TimeProvider.System), new InMemoryConsumerStore(), TimeProvider.System);
    private readonly GatedSubscriber _subscriber = new();

    public async ValueTask InitializeAsync()
    {
        _subscriber.Open();
        await _hub.StartAsync(CancellationToken.None);
    }

    public ValueTask DisposeAsync() => _hub.DisposeAsync();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Topic_whose_messages_are_kept_elsewhere_from_now_on_ends_its_subscriptions_which_may_come_again(bool ephemeral)
    {
        await AddAsync(!ephemeral);
        for (int i = 0; i < 3; i++)
        {
            await PublishAsync();
        }

        Session session = _hub.OpenSession("s");
        await SubscribeAsync(session, Since.Now);

        await AddAsync(ephemeral);

        _subscriber.Ended.ShouldBe(["alpha history_gone"]);
        _hub.CountSubscriptions(Alpha).ShouldBe(0);
        await SubscribeAsync(session, Since.Now);
        PublishResult result = await PublishAsync();
        result.Offset.ShouldBe(1);
        await Eventually.HoldsAsync(() => _subscriber.Offsets.Count == 1, "the first message of the other engine arrives");
    }

    [Fact]
    public async Task Ephemeral_topic_that_is_removed_keeps_nothing_and_begins_anew()
    {
        await AddAsync(ephemeral: true);
        PublishResult first = await PublishAsync("id");

        await _hub.RemoveTopicAsync(Alpha);
        await AddAsync(ephemeral: true);
        PublishResult second = await PublishAsync("id");

        second.Offset.ShouldBe(1);
        second.Duplicate.ShouldBeFalse();
        second.Epoch.ShouldNotBe(first.Epoch);
    }

    [Fact]
    public async Task Names_of_removed_ephemeral_topics_are_remembered_up_to_as_many_as_there_may_be_topics()
    {
        await using var hub = new Hub(new HubOptions { MaxTopics = 2 }, new InMemoryTopicEngine(new EngineOptions(), TimeProvider.System), new InMemoryConsumerStore(), TimeProvider.System);
        await hub.StartAsync(CancellationToken.None);
        TopicName[] names = [.. Enumerable.Range(0, 4).Select(static i => TopicName.Create($"game{i}"))];
        await hub.AddTopicAsync(new Topic { Name = Alpha, Publishers = TopicAccess.Nobody }, CancellationToken.None);
        await hub.RemoveTopicAsync(Alpha);
        foreach (TopicName name in names)
        {
            await hub.AddTopicAsync(new Topic { Name = name, Ephemeral = true, Publishers = TopicAccess.Nobody }, CancellationToken.None);
            await hub.RemoveTopicAsync(name);
        }

        names.Select(hub.Topics.IsWithdrawn).ShouldBe([false, false, true, true]);
        hub.Topics.IsWithdrawn(Alpha).ShouldBeTrue(); // It is stored: what is kept of it is not for everyone.
    }

    private async Task AddAsync(bool ephemeral) => (await _hub.AddTopicAsync(new Topic { Name = Alpha, Ephemeral = ephemeral }, CancellationToken.None)).ShouldBeNull();

    private async Task SubscribeAsync(Session session, Since since)
    {
        var request = new SubscribeRequest { Topics = [new WantedTopic(Alpha, since)], Subscriber = _subscriber };
        (await session.SubscribeAsync(request, CancellationToken.None)).Error.ShouldBeNull();
    }

    private ValueTask<PublishResult> PublishAsync(string? id = null) =>
        _hub.PublishAsync(new PublishRequest { Topic = Alpha, MessageId = id, Payload = "1"u8.ToArray() }, CancellationToken.None);
}
