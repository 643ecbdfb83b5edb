using System.Collections.Concurrent;
using Carillon.Consumers;
using Carillon.Deliveries;
using Carillon.Diagnostics;
using Carillon.Engines.Conformance;
using Carillon.Errors;
using Carillon.Monitoring;
using Carillon.Resuming;
using Carillon.Sessions;
using Carillon.Tests.Hubs;
using Carillon.Topics;
using Shouldly;
using Xunit;

namespace Carillon.Tests.Resuming;

/// <summary>No message falls between a subscription and the one that takes its place, wherever fan-out is.</summary>
public sealed class ReplacedSubscriptionTests : IAsyncLifetime
{
    private readonly GatedSubscriber _subscriber = new();
    private Scene _scene = null!;
    private Session _session = null!;

    public async ValueTask InitializeAsync()
    {
        _scene = await Scene.BeginAsync();
        _session = _scene.Hub.OpenSession("s", Scene.Who("ada", new Scene.Token()));
        _subscriber.Open();
    }

    public ValueTask DisposeAsync() => _scene.DisposeAsync();

    [Fact]
    public async Task Pattern_subscribed_again_in_the_midst_of_a_fan_out_gets_its_message()
    {
        await Scene.SubscribeAsync(_session, _subscriber, null, "a.*");
        await InTheMidstAsync(() => Scene.SubscribeAsync(_session, _subscriber, null, "a.*"));

        await _scene.PublishAsync("a.b", 1);
        await _scene.FanOutAsync();

        _subscriber.Offsets.ShouldBe([1]);
    }

    [Fact]
    public async Task Pattern_unsubscribed_in_the_midst_of_a_fan_out_takes_no_message_from_another_of_the_session()
    {
        await Scene.SubscribeAsync(_session, _subscriber, null, "a.>", "a.*");
        await InTheMidstAsync(() => _session.UnsubscribeAsync([TopicName.Create("a.>")], CancellationToken.None).AsTask());

        await _scene.PublishAsync("a.b", 1);
        await _scene.FanOutAsync();

        _subscriber.Offsets.ShouldBe([1]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Name_subscribed_again_in_the_midst_of_a_fan_out_gets_its_message(bool catchesUp)
    {
        var first = new TappedSubscriber();
        var other = new GatedSubscriber();
        await Scene.SubscribeAsync(_session, first, null, "letters.x");
        await Scene.SubscribeAsync(_session, _subscriber, null, "letters.y");
        if (catchesUp)
        {
            await Scene.SubscribeAsync(_session, other, Since.Earliest, "letters.z");
        }

        first.Tap = () => Scene.SubscribeAsync(_session, _subscriber, null, "letters.y");
        Task publishing = _scene.PublishAsync("letters", "x", "y");
        await publishing;
        await _scene.FanOutAsync();

        _subscriber.Offsets.ShouldBe([2]);
    }

    [Theory]
    [InlineData("a.b", true)]
    [InlineData("a.last", true)]
    [InlineData("a.last", false)]
    public async Task Name_subscribed_again_for_new_messages_has_no_gap(string topic, bool now)
    {
        await Scene.SubscribeAsync(_session, _subscriber, null, topic);
        await _scene.PublishAsync(topic, 5);
        await _scene.FanOutAsync();
        TaskCompletionSource gate = _scene.Engine.HoldDescribing();
        Task<SubscribeResult> again = Scene.SubscribeAsync(_session, _subscriber, now ? Since.Now : null, topic);
        await _scene.PublishAsync(topic, 5);
        await _scene.FanOutAsync();
        gate.SetResult();
        SubscribeResult result = await again;
        await _scene.PublishAsync(topic, 5);
        await _scene.FanOutAsync();

        await Eventually.HoldsAsync(() => _subscriber.Offsets.Count >= 15, "all arrive");
        _subscriber.Offsets.ShouldBe(Enumerable.Range(1, 15).Select(static offset => (long)offset));
        result.Starts.Values.Select(static start => (start.Recovered, start.Position.Offset)).ShouldBe(now ? [(true, 10L)] : []);
    }

    [Theory]
    [InlineData("a.guarded")]
    [InlineData("a.*")]
    public async Task Subscribing_again_when_messages_were_withheld_says_so(string name)
    {
        var token = new Scene.Token();
        await Scene.SubscribeAsync(_session, _subscriber, null, Scene.Who("bob", token), name);
        await _scene.PublishAsync("a.guarded", 2);
        await _scene.FanOutAsync();
        TaskCompletionSource answer = _scene.Access.Hang();
        Task<SubscribeResult> again = Scene.SubscribeAsync(_session, _subscriber, null, Scene.Who("bob", new Scene.Token()), name, "slow.down");
        await _scene.Access.Asked;
        token.IsRevoked = true;
        Task dropping = _scene.Hub.DropExpiredAsync().AsTask();
        await _scene.PublishAsync("a.guarded", 3);
        await _scene.FanOutAsync();

        answer.SetResult();
        await again;
        await dropping;
        await _scene.PublishAsync("a.guarded", 1);
        await _scene.FanOutAsync();

        _subscriber.Ended.ShouldBe([$"{name} unauthorized"]);
        _subscriber.Offsets.ShouldBe([1, 2]);
    }

    [Fact]
    public async Task Request_that_is_cancelled_leaves_no_subscription_that_gets_nothing()
    {
        await _scene.PublishAsync("a.b", 3);
        await _scene.FanOutAsync();
        await Scene.SubscribeAsync(_session, _subscriber, null, "a.last", "a.*");
        _scene.Access.Hang();
        using var cancelling = new CancellationTokenSource();
        var request = new SubscribeRequest { Topics = [new(TopicName.Create("a.b"), Since.Earliest), new(TopicName.Create("slow.*")), new(TopicName.Create("a.last"))], Subscriber = _subscriber };
        Task<SubscribeResult> subscribing = _session.SubscribeAsync(request, cancelling.Token).AsTask();
        await _scene.Access.Asked;

        await cancelling.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(subscribing);
        await _scene.PublishAsync("a.b", 2);
        await _scene.PublishAsync("a.last", 1);
        await _scene.FanOutAsync();

        _scene.Hub.CountSubscriptions(TopicName.Create("a.b")).ShouldBe(0);
        _scene.Hub.CountSubscriptions(TopicName.Create("a.last")).ShouldBe(1);
        _scene.Hub.Metrics.Subscriptions.ShouldBe(3); // with the one that watches fan-out
        _subscriber.Offsets.ShouldBe([4, 5, 1]);
        (await _scene.Hub.Consumers.QuerySubscriptionsAsync(new ConsumerQuery(), CancellationToken.None)).Items.Select(static row => row.Topic.Value).Order(StringComparer.Ordinal)
            .ShouldBe(["a.*", "a.last", "end"]);
    }

    [Theory]
    [InlineData("a.b")]
    [InlineData("a.*")]
    public async Task Observer_or_subscriber_that_fails_when_it_is_told_leaves_the_subscription_live(string name)
    {
        var faults = new ConcurrentQueue<HubPart>();
        _scene.Hub.Faulted += (_, fault) => faults.Enqueue(fault.Part);
        _scene.Hub.AddObserver(new FailingObserver());
        var subscriber = new TappedSubscriber { FailsWhenTold = true };
        await Scene.SubscribeAsync(_session, subscriber, null, name);
        await Scene.SubscribeAsync(_session, _subscriber, null, name);

        await _scene.PublishAsync("a.b", 1);
        await _scene.FanOutAsync();

        _subscriber.Offsets.ShouldBe([1]);
        faults.ShouldBe([HubPart.Delivery, HubPart.Observer]);
    }

    // Whatever it is happens after fan-out has found the session's subscriptions, before it delivers to them: patterns that end in the first segment come first.
    private async Task InTheMidstAsync(Func<Task> happens)
    {
        var first = new TappedSubscriber();
        await Scene.SubscribeAsync(_scene.Hub.OpenSession("first"), first, null, ">");
        first.Tap = happens;
    }

    /// <summary>Something happens within its first delivery.</summary>
    private sealed class TappedSubscriber : ISubscriber
    {
        public Func<Task>? Tap { get; set; }

        public bool FailsWhenTold { get; init; }

        public void OnSubscribed(TopicName topic)
        {
            if (FailsWhenTold)
            {
                throw new InvalidOperationException("no");
            }
        }

        public bool TryDeliver(Delivery delivery)
        {
            Func<Task>? tap = Tap;
            Tap = null;
            (tap?.Invoke().IsCompletedSuccessfully ?? true).ShouldBeTrue();
            return true;
        }

        public ValueTask WaitForRoomAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

        public void OnEnded(TopicName topic, Error reason)
        {
        }
    }

    private sealed class FailingObserver : IHubObserver
    {
        public void OnMessages(Delivery delivery)
        {
        }

        public void OnConsumed(Consumption consumption)
        {
        }

        public void OnSubscribed(SubscriptionRecord subscription) => throw new InvalidOperationException("no");

        public void OnUnsubscribed(SubscriptionRecord subscription)
        {
        }
    }
}
