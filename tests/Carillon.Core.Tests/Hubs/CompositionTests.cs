using Carillon.Access;
using Carillon.Engines;
using Carillon.Engines.Conformance;
using Carillon.Engines.InMemory;
using Carillon.Hubs;
using Carillon.Publishing;
using Carillon.Resuming;
using Carillon.Sessions;
using Carillon.Topics;
using Carillon.Topics.Filters;
using Shouldly;
using Xunit;

namespace Carillon.Tests.Hubs;

public sealed class CompositionTests : IAsyncLifetime
{
    private static readonly TopicName Alpha = TopicName.Create("alpha");

    private readonly RestartingStore _store = new();
    private readonly GatedSubscriber _subscriber = new();
    private Hub _hub = null!;

    public async ValueTask InitializeAsync() => await OpenAsync(UnknownTopics.Closed);

    public ValueTask DisposeAsync() => _hub.DisposeAsync();

    [Fact]
    public async Task Topic_that_is_closed_while_a_subscribe_commits_delivers_nothing_to_it()
    {
        _store.Adding = async () => await _hub.AddTopicAsync(new Topic { Name = Alpha, Subscribers = TopicAccess.Nobody }, CancellationToken.None);

        await SubscribeAsync(Alpha);
        await PublishAsync();

        _subscriber.Ended.ShouldBe(["alpha unauthorized"]);
        _hub.CountSubscriptions(Alpha).ShouldBe(0);
        _subscriber.Offsets.ShouldBeEmpty();
    }

    [Fact]
    public async Task Topic_that_is_removed_and_added_again_while_a_subscribe_commits_ends_it()
    {
        _store.Adding = async () =>
        {
            await _hub.RemoveTopicAsync(Alpha);
            await _hub.AddTopicAsync(new Topic { Name = Alpha }, CancellationToken.None);
        };

        await SubscribeAsync(Alpha);

        _subscriber.Ended.ShouldBe(["alpha topic_not_found"]);
    }

    [Fact]
    public async Task Topic_that_is_composed_anew_while_a_subscribe_commits_delivers_to_whom_it_lets_in()
    {
        _store.Adding = async () => await _hub.AddTopicAsync(new Topic { Name = Alpha, RetainLast = true }, CancellationToken.None);

        await SubscribeAsync(Alpha);
        _subscriber.Open();
        await PublishAsync();

        await Eventually.HoldsAsync(() => _subscriber.Offsets.Count == 1, "the message arrives");
        _subscriber.Ended.ShouldBeEmpty();
    }

    [Fact]
    public async Task Topic_that_loses_its_filters_ends_the_subscriptions_that_select_by_them()
    {
        var topic = new Topic { Name = Alpha, Filters = [TopicFilter.PublisherIdentity] };
        await _hub.AddTopicAsync(topic, CancellationToken.None);
        Session session = await SubscribeAsync(TopicName.Create("alpha.ada"));
        await SubscribeAsync(Alpha, session);

        await _hub.AddTopicAsync(topic with { Filters = [] }, CancellationToken.None);

        _subscriber.Ended.ShouldBe(["alpha.ada topic_not_found"]);
        _hub.CountSubscriptions(Alpha).ShouldBe(1);
    }

    [Fact]
    public async Task Plain_subscribe_to_a_topic_that_retains_its_last_message_survives_a_publish_that_trims_it()
    {
        await _hub.AddTopicAsync(new Topic { Name = Alpha, RetainLast = true, Ephemeral = true }, CancellationToken.None);
        await PublishAsync();
        _subscriber.Asked = async () =>
        {
            _subscriber.Asked = null;
            await PublishAsync();
            _subscriber.Open();
        };

        await SubscribeAsync(Alpha);

        await Eventually.HoldsAsync(() => _subscriber.Offsets.Count > 0, "the last message arrives");
        _subscriber.Offsets.ShouldBe([2]);
        _subscriber.Ended.ShouldBeEmpty();
    }

    [Fact]
    public async Task Subscribe_since_a_position_whose_next_messages_are_trimmed_meanwhile_is_ended_with_a_reason()
    {
        await _hub.AddTopicAsync(new Topic { Name = Alpha, Ephemeral = true }, CancellationToken.None);
        PublishResult first = await PublishAsync();
        await PublishAsync();
        _subscriber.Asked = async () =>
        {
            _subscriber.Asked = null;
            await PublishAsync();
            _subscriber.Open();
        };

        await SubscribeAsync(Alpha, since: Since.After(new Position(first.Epoch, 1)));

        await Eventually.HoldsAsync(() => _subscriber.Ended.Count > 0, "the subscription ends");
        _subscriber.Ended.ShouldBe(["alpha history_gone"]);
    }

    private async Task OpenAsync(UnknownTopics unknown)
    {
        var options = new HubOptions { UnknownTopics = unknown, Topics = [new Topic { Name = Alpha }] };
        _hub = new Hub(options, new InMemoryTopicEngine(new EngineOptions(), TimeProvider.System), _store, TimeProvider.System);
        await _hub.StartAsync(CancellationToken.None);
    }

    private async Task<Session> SubscribeAsync(TopicName topic, Session? session = null, Since? since = null)
    {
        session ??= _hub.OpenSession("s");
        var request = new SubscribeRequest { Topics = [new WantedTopic(topic, since)], Subscriber = _subscriber };
        (await session.SubscribeAsync(request, CancellationToken.None)).Error.ShouldBeNull();
        return session;
    }

    private ValueTask<PublishResult> PublishAsync() =>
        _hub.PublishAsync(new PublishRequest { Topic = Alpha, Payload = "1"u8.ToArray() }, CancellationToken.None);
}
