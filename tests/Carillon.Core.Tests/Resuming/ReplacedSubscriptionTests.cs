using Carillon.Deliveries;
using Carillon.Engines.Conformance;
using Carillon.Errors;
using Carillon.Messages;
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

        public void OnSubscribed(TopicName topic)
        {
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
}
