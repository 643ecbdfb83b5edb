using Carillon.Consumers;
using Carillon.Consumers.InMemory;
using Carillon.Deliveries;
using Carillon.Engines;
using Carillon.Engines.Conformance;
using Carillon.Engines.InMemory;
using Carillon.Errors;
using Carillon.Hubs;
using Carillon.Monitoring;
using Carillon.Publishing;
using Carillon.Sessions;
using Carillon.Topics;
using Shouldly;
using Xunit;

namespace Carillon.Tests.Hubs;

public sealed class HubTests : IAsyncLifetime
{
    private static readonly TopicName Alpha = TopicName.Create("alpha");
    private static readonly TopicName Beta = TopicName.Create("beta");

    private readonly RecordingSubscriber.CountingFormat _format = new();
    private Hub _hub = null!;

    public async ValueTask InitializeAsync() => await OpenAsync(new HubOptions());

    public ValueTask DisposeAsync() => _hub.DisposeAsync();

    [Fact]
    public async Task Publish_reaches_every_subscriber_of_the_topic_in_order_and_nobody_else()
    {
        RecordingSubscriber[] ofAlpha = [new(_format), new(_format), new(_format)];
        var ofBeta = new RecordingSubscriber(_format);
        for (int i = 0; i < ofAlpha.Length; i++)
        {
            await SubscribeAsync($"s{i}", ofAlpha[i], Alpha);
        }

        await SubscribeAsync("other", ofBeta, Beta);
        for (int i = 0; i < 100; i++)
        {
            (await PublishAsync(Alpha)).Accepted.ShouldBeTrue();
        }

        string[] expected = ["subscribed alpha", .. Enumerable.Range(1, 100).Select(i => $"alpha#{i}")];
        foreach (RecordingSubscriber subscriber in ofAlpha)
        {
            await subscriber.WaitAsync(100);
            subscriber.Frames.ShouldBe(expected);
        }

        ofBeta.Frames.ShouldBe(["subscribed beta"]);
    }

    [Fact]
    public async Task Publish_is_encoded_once_per_wire_format_however_many_subscribers_share_it()
    {
        var otherFormat = new RecordingSubscriber.CountingFormat();
        List<RecordingSubscriber> subscribers = [.. Enumerable.Range(0, 50).Select(i => new RecordingSubscriber(i % 2 == 0 ? _format : otherFormat))];
        for (int i = 0; i < subscribers.Count; i++)
        {
            await SubscribeAsync($"s{i}", subscribers[i], Alpha);
        }

        for (int i = 0; i < 20; i++)
        {
            await PublishAsync(Alpha);
        }

        await Task.WhenAll(subscribers.Select(subscriber => subscriber.WaitAsync(20)));
        _format.Encoded.ShouldBe(20);
        otherFormat.Encoded.ShouldBe(20);
    }

    [Fact]
    public async Task Publish_interleaved_over_topics_keeps_the_order_of_each()
    {
        var subscriber = new RecordingSubscriber(_format);
        await SubscribeAsync("s", subscriber, Alpha, Beta);
        for (int i = 0; i < 500; i++)
        {
            await PublishAsync(i % 3 == 0 ? Beta : Alpha);
        }

        await subscriber.WaitAsync(500);
        foreach (TopicName topic in new[] { Alpha, Beta })
        {
            long[] offsets = [.. subscriber.Frames.Where(frame => frame.StartsWith($"{topic}#", StringComparison.Ordinal)).Select(frame => long.Parse(frame.Split('#')[1]))];
            offsets.ShouldBe(Enumerable.Range(1, offsets.Length).Select(i => (long)i));
        }
    }

    [Fact]
    public async Task Publish_on_an_unknown_topic_is_refused_when_the_hub_rejects_until_someone_subscribes()
    {
        await OpenAsync(new HubOptions { UnknownTopics = UnknownTopics.Reject, Topics = [new Topic { Name = Beta }] });

        PublishResult refused = await PublishAsync(Alpha);
        refused.Error.ShouldNotBeNull().Code.ShouldBe(ErrorCode.TopicNotFound);
        refused.Error.Message.ShouldBe("Topic 'alpha' does not exist");
        (await PublishAsync(Beta)).Accepted.ShouldBeTrue();

        await SubscribeAsync("s", new RecordingSubscriber(_format), Alpha);
        (await PublishAsync(Alpha)).Accepted.ShouldBeTrue();
    }

    [Fact]
    public async Task Publish_without_ids_is_refused_where_they_are_mandatory()
    {
        await OpenAsync(new HubOptions { RequireIds = true });

        (await PublishAsync(Alpha)).Error.ShouldNotBeNull().Field.ShouldBe("message_id");
        (await PublishAsync(Alpha, "m1")).Error.ShouldNotBeNull().Field.ShouldBe("producer");
        (await PublishAsync(Alpha, "m1", "p")).Offset.ShouldBe(1);
    }

    [Fact]
    public async Task Retention_of_a_topic_that_is_added_or_changed_while_the_hub_runs_holds()
    {
        (await _hub.AddTopicAsync(new Topic { Name = Alpha, Retention = new Retention { MaxCount = 3 } }, CancellationToken.None)).ShouldBeNull();
        await PublishManyAsync(Alpha, 10);
        (await KeptAsync(Alpha)).ShouldBe(3);

        (await _hub.AddTopicAsync(new Topic { Name = Alpha, Retention = new Retention { MaxCount = 2 } }, CancellationToken.None)).ShouldBeNull();
        (await KeptAsync(Alpha)).ShouldBe(2);

        (await _hub.AddTopicAsync(new Topic { Name = Alpha }, CancellationToken.None)).ShouldBeNull();
        await PublishManyAsync(Alpha, 10);
        (await KeptAsync(Alpha)).ShouldBe(12);
    }

    [Fact]
    public async Task Topics_beyond_the_most_are_refused_to_publishers_and_subscribers()
    {
        await OpenAsync(new HubOptions { MaxTopics = 1 });
        (await PublishAsync(Alpha)).Accepted.ShouldBeTrue();

        (await PublishAsync(Beta)).Error.ShouldNotBeNull().Code.ShouldBe(ErrorCode.TooManyTopics);
        Error? error = await _hub.OpenSession("s").SubscribeAsync([Beta], null, new RecordingSubscriber(_format), CancellationToken.None);
        error.ShouldNotBeNull().Code.ShouldBe(ErrorCode.TooManyTopics);
        (await PublishAsync(Alpha)).Accepted.ShouldBeTrue();
    }

    [Fact]
    public async Task Subscribe_beyond_the_most_subscribes_to_nothing()
    {
        await OpenAsync(new HubOptions { MaxSubscriptionsPerSession = 1 });
        Session session = _hub.OpenSession("s");
        var subscriber = new RecordingSubscriber(_format);

        Error? error = await session.SubscribeAsync([Alpha, Beta], null, subscriber, CancellationToken.None);

        error.ShouldNotBeNull().Code.ShouldBe(ErrorCode.TooManySubscriptions);
        subscriber.Frames.ShouldBeEmpty();
        (await SubscriptionsAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Subscribe_again_with_another_subscriber_replaces_it_and_loses_or_doubles_nothing()
    {
        Session session = _hub.OpenSession("s");
        var first = new RecordingSubscriber(_format);
        var second = new RecordingSubscriber(_format);
        await session.SubscribeAsync([Alpha], null, first, CancellationToken.None);
        Task publishing = Task.Run(async () =>
        {
            for (int i = 0; i < 2000; i++)
            {
                await PublishAsync(Alpha);
            }
        });
        await first.WaitAsync(1);
        await session.SubscribeAsync([Alpha], "consumer", second, CancellationToken.None);
        await publishing;
        await PublishAsync(Alpha);
        await Eventually.HoldsAsync(() => second.Frames.Contains("alpha#2001"), "the last message arrives");

        string[] both = [.. first.Frames.Concat(second.Frames).Where(frame => frame.Contains('#', StringComparison.Ordinal))];
        both.ShouldBe(Enumerable.Range(1, 2001).Select(i => $"alpha#{i}"));
        (await SubscriptionsAsync()).Select(row => row.Consumer).ShouldBe(["consumer"]);
    }

    [Fact]
    public async Task Close_ends_every_subscription_and_tells_observers()
    {
        var observer = new RecordingObserver();
        _hub.AddObserver(observer);
        Session session = _hub.OpenSession("s");
        await session.SubscribeAsync([Alpha, Beta], "c", new RecordingSubscriber(_format), CancellationToken.None);

        await session.CloseAsync();
        await session.CloseAsync();

        observer.Events.ShouldBe(["+alpha", "+beta", "-alpha", "-beta"]);
        (await SubscriptionsAsync()).ShouldBeEmpty();
        _hub.Metrics.Sessions.ShouldBe(0);
        _hub.Metrics.Subscriptions.ShouldBe(0);
        (await session.SubscribeAsync([Alpha], null, new RecordingSubscriber(_format), CancellationToken.None))
            .ShouldNotBeNull().Code.ShouldBe(ErrorCode.Unavailable);
    }

    [Fact]
    public async Task Close_removes_rows_although_the_store_was_restarting()
    {
        var store = new RestartingStore();
        await OpenAsync(new HubOptions(), store);
        Session session = _hub.OpenSession("s");
        await session.SubscribeAsync([Alpha], "c", new RecordingSubscriber(_format), CancellationToken.None);
        store.Restarting = true;

        Task closing = session.CloseAsync().AsTask();
        await Eventually.HoldsAsync(() => store.Refusals > 0, "the removal is refused once");
        store.Restarting = false;
        await closing;

        (await SubscriptionsAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Subscribe_again_with_the_same_consumer_tells_observers_nothing_and_with_another_that_the_first_left()
    {
        var observer = new RecordingObserver();
        _hub.AddObserver(observer);
        Session session = _hub.OpenSession("s");
        foreach (string consumer in new[] { "c", "c", "d" })
        {
            await session.SubscribeAsync([Alpha], consumer, new RecordingSubscriber(_format), CancellationToken.None);
        }

        observer.Events.ShouldBe(["+alpha", "-alpha", "+alpha"]);
    }

    [Fact]
    public async Task Unsubscribe_ends_delivery_and_a_second_time_is_no_error()
    {
        var subscriber = new RecordingSubscriber(_format);
        Session session = await SubscribeAsync("s", subscriber, Alpha, Beta);

        (await session.UnsubscribeAsync([Alpha], CancellationToken.None)).ShouldBeNull();
        (await session.UnsubscribeAsync([Alpha], CancellationToken.None)).ShouldBeNull();
        await PublishAsync(Alpha);
        await PublishAsync(Beta);

        await subscriber.WaitAsync(1);
        subscriber.Frames.ShouldBe(["subscribed alpha", "subscribed beta", "beta#1"]);
    }

    [Fact]
    public async Task A_subscriber_that_takes_nothing_holds_up_nobody()
    {
        var full = new RecordingSubscriber(_format) { Full = true };
        var quick = new RecordingSubscriber(_format);
        await SubscribeAsync("full", full, Alpha);
        await SubscribeAsync("quick", quick, Alpha);

        await PublishAsync(Alpha);

        await quick.WaitAsync(1);
        await Eventually.HoldsAsync(() => _hub.Metrics.DeliveredTotal == 1, "one delivery is counted");
    }

    [Fact]
    public async Task Pattern_gets_the_messages_of_all_topics_that_match_also_of_new_ones()
    {
        var subscriber = new RecordingSubscriber(_format);
        await SubscribeAsync("s", subscriber, TopicName.Create("orders.*"));

        await PublishAsync(TopicName.Create("orders.new"));
        await PublishAsync(TopicName.Create("orders.new.deep"));
        await PublishAsync(TopicName.Create("orders.paid"));
        await PublishAsync(TopicName.Create("orders.new"));

        await subscriber.WaitAsync(3);
        subscriber.Frames.ShouldBe(["subscribed orders.*", "orders.new#1", "orders.paid#1", "orders.new#2"], ignoreOrder: true);
    }

    [Fact]
    public async Task Session_whose_patterns_and_topics_overlap_gets_each_message_once()
    {
        var subscriber = new RecordingSubscriber(_format);
        var other = new RecordingSubscriber(_format);
        Session session = await SubscribeAsync("s", subscriber, Alpha, TopicName.Create("*"), TopicName.Create(">"));
        await SubscribeAsync("other", other, TopicName.Create(">"));

        for (int i = 0; i < 10; i++)
        {
            await PublishAsync(Alpha);
        }

        await subscriber.WaitAsync(10);
        await other.WaitAsync(10);
        subscriber.Frames.Count(frame => frame.Contains('#', StringComparison.Ordinal)).ShouldBe(10);

        await session.UnsubscribeAsync([Alpha, TopicName.Create(">")], CancellationToken.None);
        await PublishAsync(Alpha);
        await subscriber.WaitAsync(1);
        await session.UnsubscribeAsync([TopicName.Create("*")], CancellationToken.None);
        await PublishAsync(Alpha);
        await other.WaitAsync(2);
        subscriber.Frames.Count(frame => frame.Contains('#', StringComparison.Ordinal)).ShouldBe(11);
    }

    [Fact]
    public async Task Publish_to_a_pattern_is_refused()
    {
        PublishResult result = await PublishAsync(TopicName.Create("a.*"));
        result.Error!.Code.ShouldBe(ErrorCode.InvalidField);
        _hub.TopicCount.ShouldBe(0);
    }

    private static PublishRequest Request(TopicName topic, string? id = null, string? producer = null) =>
        new() { Topic = topic, MessageId = id, Producer = producer, Payload = "1"u8.ToArray() };

    private async Task<int> KeptAsync(TopicName topic) => (await _hub.QueryAsync(topic, new MessageQuery { Limit = 100 }, CancellationToken.None)).Items.Count;

    private async Task PublishManyAsync(TopicName topic, int count)
    {
        for (int i = 0; i < count; i++)
        {
            (await PublishAsync(topic)).Accepted.ShouldBeTrue();
        }
    }

    private async Task OpenAsync(HubOptions options, IConsumerStore? store = null)
    {
        if (_hub is not null)
        {
            await _hub.DisposeAsync();
        }

        _hub = new Hub(options, new InMemoryTopicEngine(new EngineOptions(), TimeProvider.System), store ?? new InMemoryConsumerStore(), TimeProvider.System);
        await _hub.StartAsync(CancellationToken.None);
    }

    private ValueTask<PublishResult> PublishAsync(TopicName topic, string? id = null, string? producer = null) =>
        _hub.PublishAsync(Request(topic, id, producer), CancellationToken.None);

    private async Task<Session> SubscribeAsync(string id, ISubscriber subscriber, params TopicName[] topics)
    {
        Session session = _hub.OpenSession(id);
        (await session.SubscribeAsync(topics, null, subscriber, CancellationToken.None)).ShouldBeNull();
        return session;
    }

    private async Task<IReadOnlyList<SubscriptionRecord>> SubscriptionsAsync() =>
        (await _hub.Consumers.QuerySubscriptionsAsync(new ConsumerQuery(), CancellationToken.None)).Items;

    private sealed class RecordingObserver : IHubObserver
    {
        public List<string> Events { get; } = [];

        public void OnMessages(Delivery delivery) => Events.AddRange(delivery.Messages.ToArray().Select(message => $"{message.Topic}#{message.Offset}"));

        public void OnSubscribed(SubscriptionRecord subscription) => Events.Add($"+{subscription.Topic}");

        public void OnUnsubscribed(SubscriptionRecord subscription) => Events.Add($"-{subscription.Topic}");

        public void OnConsumed(Consumption consumption) => Events.Add($"consumed {consumption.MessageId}");
    }
}
