using System.Globalization;
using Carillon.Consumers.InMemory;
using Carillon.Engines;
using Carillon.Engines.Conformance;
using Carillon.Engines.InMemory;
using Carillon.Hubs;
using Carillon.Messages;
using Carillon.Publishing;
using Carillon.Resuming;
using Carillon.Sessions;
using Carillon.Tests.Hubs;
using Carillon.Topics;
using Shouldly;
using Xunit;

namespace Carillon.Tests.Resuming;

public sealed class SinceTests : IAsyncLifetime
{
    private static readonly TopicName Alpha = TopicName.Create("alpha");

    private readonly RecordingSubscriber.CountingFormat _format = new();
    private readonly ManualTimeProvider _time = new();
    private Hub _hub = null!;

    public async ValueTask InitializeAsync()
    {
        var options = new EngineOptions { Retention = new Retention { MaxCount = 100 } };
        _hub = new Hub(new HubOptions(), new InMemoryTopicEngine(options, _time), new InMemoryConsumerStore(), _time);
        await _hub.StartAsync(CancellationToken.None);
    }

    public ValueTask DisposeAsync() => _hub.DisposeAsync();

    [Fact]
    public async Task Subscribe_since_an_offset_gets_what_is_kept_after_it_then_what_comes()
    {
        Position last = await PublishAsync(10);
        var subscriber = new RecordingSubscriber(_format);

        Start start = await SubscribeAsync(subscriber, Since.After(last with { Offset = 4 }));

        start.ShouldBe(new Start(last with { Offset = 4 }, null));
        await subscriber.WaitAsync(6);
        await PublishAsync(2);
        await subscriber.WaitAsync(2);
        Offsets(subscriber).ShouldBe([5, 6, 7, 8, 9, 10, 11, 12]);
    }

    [Fact]
    public async Task Subscribe_since_the_last_offset_gets_only_what_comes()
    {
        Position last = await PublishAsync(3);
        var subscriber = new RecordingSubscriber(_format);

        (await SubscribeAsync(subscriber, Since.After(last))).Recovered.ShouldBeTrue();

        await PublishAsync(1);
        await subscriber.WaitAsync(1);
        Offsets(subscriber).ShouldBe([4]);
    }

    [Fact]
    public async Task Subscribe_since_earliest_gets_all_that_is_kept()
    {
        await PublishAsync(250);
        var subscriber = new RecordingSubscriber(_format);

        Start start = await SubscribeAsync(subscriber, Since.Earliest);

        start.Recovered.ShouldBeTrue();
        start.Position.Offset.ShouldBe(150);
        await subscriber.WaitAsync(100);
        Offsets(subscriber).ShouldBe(Enumerable.Range(151, 100).Select(i => (long)i));
    }

    [Fact]
    public async Task Subscribe_since_an_offset_that_is_gone_gets_what_is_kept_and_is_told()
    {
        Position last = await PublishAsync(250);
        var subscriber = new RecordingSubscriber(_format);

        Start start = await SubscribeAsync(subscriber, Since.After(last with { Offset = 149 }));

        start.ShouldBe(new Start(last with { Offset = 150 }, RecoveryFailure.HistoryGone));
        await subscriber.WaitAsync(100);
        (await SubscribeAsync(new RecordingSubscriber(_format), Since.After(last with { Offset = 150 }))).Recovered.ShouldBeTrue();
    }

    [Fact]
    public async Task Subscribe_since_an_offset_of_another_epoch_gets_only_what_comes_and_is_told()
    {
        await PublishAsync(5);
        var subscriber = new RecordingSubscriber(_format);

        Start start = await SubscribeAsync(subscriber, Since.After(new Position("another", 2)));

        start.Failure.ShouldBe(RecoveryFailure.EpochChanged);
        start.Position.Offset.ShouldBe(5);
        await PublishAsync(1);
        await subscriber.WaitAsync(1);
        Offsets(subscriber).ShouldBe([6]);
    }

    [Fact]
    public async Task Subscribe_since_an_offset_that_was_never_reached_gets_only_what_comes_and_is_told()
    {
        Position last = await PublishAsync(5);
        var subscriber = new RecordingSubscriber(_format);

        Start start = await SubscribeAsync(subscriber, Since.After(last with { Offset = 6 }));

        start.ShouldBe(new Start(last, RecoveryFailure.OffsetUnknown));
        await PublishAsync(1);
        await subscriber.WaitAsync(1);
        Offsets(subscriber).ShouldBe([6]);
    }

    [Fact]
    public async Task Subscribe_since_a_time_gets_what_was_accepted_then_or_later()
    {
        await PublishAsync(3);
        _time.Advance(TimeSpan.FromMinutes(1));
        UnixTime from = UnixTime.Now(_time);
        await PublishAsync(3);
        var subscriber = new RecordingSubscriber(_format);

        Start start = await SubscribeAsync(subscriber, Since.From(from));

        start.Recovered.ShouldBeTrue();
        await subscriber.WaitAsync(3);
        Offsets(subscriber).ShouldBe([4, 5, 6]);
    }

    [Fact]
    public async Task Subscribe_since_a_time_before_what_is_kept_is_told_that_something_may_be_missing()
    {
        UnixTime from = UnixTime.Now(_time);
        _time.Advance(TimeSpan.FromMinutes(1));
        await PublishAsync(101);

        Start start = await SubscribeAsync(new RecordingSubscriber(_format), Since.From(from));

        start.Failure.ShouldBe(RecoveryFailure.HistoryGone);
        start.Position.Offset.ShouldBe(1);
    }

    [Fact]
    public async Task Subscribe_since_some_point_of_a_new_topic_begins_with_its_first_message()
    {
        var subscriber = new RecordingSubscriber(_format);
        (await SubscribeAsync(subscriber, Since.Earliest)).Position.Offset.ShouldBe(0);
        await PublishAsync(1);
        await subscriber.WaitAsync(1);
        Offsets(subscriber).ShouldBe([1]);
    }

    [Fact]
    public async Task Confirm_is_called_before_the_first_kept_message_is_delivered()
    {
        await PublishAsync(5);
        var subscriber = new RecordingSubscriber(_format);
        int before = -1;
        var request = new SubscribeRequest
        {
            Topics = [new WantedTopic(Alpha, Since.Earliest)],
            Subscriber = subscriber,
            Confirm = _ => before = Offsets(subscriber).Count,
        };

        await _hub.OpenSession("s").SubscribeAsync(request, CancellationToken.None);

        before.ShouldBe(0);
        await subscriber.WaitAsync(5);
    }

    private static List<long> Offsets(RecordingSubscriber subscriber) =>
        [.. subscriber.Frames.Where(frame => frame.Contains('#', StringComparison.Ordinal)).Select(frame => long.Parse(frame[(frame.IndexOf('#', StringComparison.Ordinal) + 1)..], CultureInfo.InvariantCulture))];

    private async Task<Start> SubscribeAsync(RecordingSubscriber subscriber, Since since)
    {
        var request = new SubscribeRequest { Topics = [new WantedTopic(Alpha, since)], Subscriber = subscriber };
        SubscribeResult result = await _hub.OpenSession(Guid.NewGuid().ToString("N")).SubscribeAsync(request, CancellationToken.None);
        result.Error.ShouldBeNull();
        return result.Starts[Alpha];
    }

    private async Task<Position> PublishAsync(int count)
    {
        PublishResult result = default;
        for (int i = 0; i < count; i++)
        {
            result = await _hub.PublishAsync(new PublishRequest { Topic = Alpha, Payload = "1"u8.ToArray() }, CancellationToken.None);
            result.Accepted.ShouldBeTrue();
        }

        return new Position(result.Epoch, result.Offset);
    }
}
