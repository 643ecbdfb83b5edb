using Carillon.Consumers.InMemory;
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

public sealed class FilteredSubscriptionTests : IAsyncLifetime
{
    private static readonly TopicName Topic = TopicName.Create("a");

    // Its payload's characters are a message's words: "xy" carries x and y.
    private static readonly ITopicFilter Letters = TopicFilter.Custom(static message => System.Text.Encoding.UTF8.GetString(message.Payload.Span).Trim('"').Select(static letter => $"{letter}"));

    private readonly GatedSubscriber _subscriber = new();
    private readonly GatedSubscriber _watch = new(); // of another session: shows how far fan-out is
    private Hub _hub = null!;
    private Session _session = null!;

    public async ValueTask InitializeAsync()
    {
        var options = new HubOptions { Topics = [new Topic { Name = Topic, Filters = [Letters] }], MaxFiltersPerTopic = 20 };
        _hub = new Hub(options, new InMemoryTopicEngine(new EngineOptions(), TimeProvider.System), new InMemoryConsumerStore(), TimeProvider.System);
        await _hub.StartAsync(CancellationToken.None);
        _session = _hub.OpenSession("s");
        (await _hub.OpenSession("watch").SubscribeAsync([Topic], null, _watch, CancellationToken.None)).ShouldBeNull();
    }

    public ValueTask DisposeAsync() => _hub.DisposeAsync();

    [Fact]
    public async Task Session_whose_filters_overlap_gets_each_message_once_and_in_order()
    {
        await SubscribeAsync(null, "a.x", "a.y", "a.x.y");
        await PublishAsync("x", "xy", "z", "y", "xyz", "x");

        await ArriveAsync(5);
        _subscriber.Offsets.ShouldBe([1, 2, 4, 5, 6]);
    }

    [Fact]
    public async Task Since_with_a_filter_delivers_what_it_asks_for_also_what_another_filter_selects()
    {
        await PublishAsync("xy", "x", "xy");
        await SubscribeAsync(null, "a.x");
        (await SubscribeAsync(Since.Earliest, "a.y")).Recovered.ShouldBeTrue();

        _subscriber.Open();

        await ArriveAsync(2);
        await PublishAsync("xy", "y", "x");
        await ArriveAsync(5);
        _subscriber.Offsets.ShouldBe([1, 3, 4, 5, 6]);
    }

    [Theory]
    [InlineData("a")]
    [InlineData("a.x")]
    public async Task Message_that_comes_during_a_catch_up_is_delivered_once_whoever_selects_it(string live)
    {
        await SubscribeAsync(null, live);
        await SubscribeAsync(Since.Earliest, "a.y");
        await PublishAsync("xy", "x", "xy", "x", "xy");
        await ArriveAsync(2); // at once, as nobody who catches up wants them

        _subscriber.Open();

        await ArriveAsync(5);
        _subscriber.Offsets.ShouldBe([2, 4, 1, 3, 5]);
    }

    [Fact]
    public async Task Message_that_was_left_to_a_catch_up_comes_although_that_is_unsubscribed_from()
    {
        await SubscribeAsync(null, "a.x");
        await SubscribeAsync(Since.Earliest, "a.y");
        await PublishAsync("xy", "y", "x", "xy");
        await ArriveAsync(1);
        await _session.UnsubscribeAsync([TopicName.Create("a.y")], CancellationToken.None);

        _subscriber.Open();

        await ArriveAsync(3);
        await PublishAsync("xy", "y", "x");
        await ArriveAsync(5);
        _subscriber.Offsets.ShouldBe([3, 1, 4, 5, 7]);
    }

    [Fact]
    public async Task Several_filters_that_catch_up_from_several_places_deliver_each_message_once()
    {
        PublishResult last = await PublishAsync("xy", "x", "y", "xy", "x", "y");
        await SubscribeAsync(Since.After(new Position(last.Epoch, 3)), "a.x");
        await SubscribeAsync(Since.Earliest, "a.y");
        await PublishAsync("xy", "x");

        _subscriber.Open();

        await ArriveAsync(7);
        await PublishAsync("xy");
        await ArriveAsync(8);
        _subscriber.Offsets.ShouldBe([1, 3, 4, 5, 6, 7, 8, 9]);
    }

    [Fact]
    public async Task Filters_beyond_the_most_are_refused()
    {
        await SubscribeAsync(null, [.. Enumerable.Range(0, 20).Select(i => $"a.{i}")]);

        Error? error = await _session.SubscribeAsync([TopicName.Create("a.more")], null, _subscriber, CancellationToken.None);

        error.ShouldNotBeNull().Code.ShouldBe(ErrorCode.TooManySubscriptions);
        (await _session.SubscribeAsync([TopicName.Create("a.3"), Topic], null, _subscriber, CancellationToken.None)).ShouldBeNull();
    }

    private async Task<Start> SubscribeAsync(Since? since, params string[] topics)
    {
        var request = new SubscribeRequest { Topics = [.. topics.Select(topic => new WantedTopic(TopicName.Create(topic), since))], Subscriber = _subscriber };
        SubscribeResult result = await _session.SubscribeAsync(request, CancellationToken.None);
        result.Error.ShouldBeNull();
        return since is null ? default : result.Starts[TopicName.Create(topics[0])];
    }

    private async Task<PublishResult> PublishAsync(params string[] words)
    {
        PublishResult result = default;
        foreach (string word in words)
        {
            result = await _hub.PublishAsync(new PublishRequest { Topic = Topic, Payload = System.Text.Encoding.UTF8.GetBytes($"\"{word}\"") }, CancellationToken.None);
            result.Accepted.ShouldBeTrue();
        }

        await Eventually.HoldsAsync(() => _watch.Offsets is [.., long last] && last == result.Offset, "fan-out has come to the last message");
        return result;
    }

    private Task ArriveAsync(int count) => Eventually.HoldsAsync(() => _subscriber.Offsets.Count >= count, $"{count} messages arrive");
}
