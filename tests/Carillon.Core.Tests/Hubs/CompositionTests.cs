using Carillon.Access;
using Carillon.Engines;
using Carillon.Engines.Conformance;
using Carillon.Engines.InMemory;
using Carillon.Errors;
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

        _subscriber.Ended.ShouldBe(["alpha forbidden"]);
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

    [Fact]
    public async Task Pattern_remembers_no_composition_that_is_replaced()
    {
        await SubscribeAsync(TopicName.Create(">"));
        var compositions = new List<WeakReference>();
        for (int i = 0; i < 20; i++)
        {
            compositions.Add(await ComposeGuardedAsync());
        }

        GC.Collect();

        compositions.Count(static composition => composition.IsAlive).ShouldBeLessThan(5);
    }

    [Fact]
    public async Task Pattern_gets_the_messages_of_a_guarded_topic_also_after_it_is_composed_anew_and_added_again()
    {
        await SubscribeAsync(TopicName.Create(">"));
        for (int i = 0; i < 3; i++)
        {
            await ComposeGuardedAsync();
            await PublishAsync();
        }

        await Eventually.HoldsAsync(() => _subscriber.Offsets.Count == 3, "the messages arrive before the topic is gone");
        await _hub.RemoveTopicAsync(Alpha);
        await ComposeGuardedAsync();
        await PublishAsync();

        await Eventually.HoldsAsync(() => _subscriber.Offsets.Count == 4, "the messages arrive");
    }

    [Fact]
    public async Task Guarded_topic_that_is_removed_does_not_come_back_open()
    {
        await OpenAsync(UnknownTopics.Create);
        await _hub.AddTopicAsync(new Topic { Name = Alpha, Subscribers = TopicAccess.Nobody }, CancellationToken.None);
        await SubscribeAsync(TopicName.Create(">"));
        Admission underWay = await _hub.AdmitAsync(Request, CancellationToken.None);
        await _hub.RemoveTopicAsync(Alpha);
        (await _hub.StoreAsync(underWay.Request!, CancellationToken.None)).Accepted.ShouldBeTrue();

        PublishResult published = await PublishAsync();
        Error? error = await _hub.OpenSession("anonymous").SubscribeAsync([Alpha], null, _subscriber, CancellationToken.None);

        published.Error.ShouldNotBeNull().Code.ShouldBe(ErrorCode.TopicNotFound);
        error.ShouldNotBeNull().Code.ShouldBe(ErrorCode.TopicNotFound);
        _hub.FindTopic(Alpha).ShouldBeNull();
        _subscriber.Offsets.ShouldBeEmpty();

        await _hub.AddTopicAsync(new Topic { Name = Alpha }, CancellationToken.None);
        (await PublishAsync()).Offset.ShouldBe(2);
    }

    private static PublishRequest Request => new() { Topic = Alpha, Payload = "1"u8.ToArray() };

    private async Task<WeakReference> ComposeGuardedAsync()
    {
        var topic = new Topic { Name = Alpha, Subscribers = TopicAccess.Any(TopicAccess.Anyone) };
        (await _hub.AddTopicAsync(topic, CancellationToken.None)).ShouldBeNull();
        return new WeakReference(topic);
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
        _hub.PublishAsync(Request, CancellationToken.None);
}
