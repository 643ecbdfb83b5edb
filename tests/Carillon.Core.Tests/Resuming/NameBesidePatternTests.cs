using Carillon.Engines.Conformance;
using Carillon.Resuming;
using Carillon.Sessions;
using Carillon.Tests.Hubs;
using Carillon.Topics;
using Shouldly;
using Xunit;

namespace Carillon.Tests.Resuming;

/// <summary>A session that names a topic which a pattern of its own matches too gets each message once, whatever becomes of the name.</summary>
public sealed class NameBesidePatternTests : IAsyncLifetime
{
    private readonly GatedSubscriber _subscriber = new();
    private Scene _scene = null!;
    private Session _session = null!;

    public async ValueTask InitializeAsync()
    {
        _scene = await Scene.BeginAsync();
        _session = _scene.Hub.OpenSession("s", Scene.Who("ada", new Scene.Token()));
    }

    public ValueTask DisposeAsync() => _scene.DisposeAsync();

    [Fact]
    public async Task Messages_left_to_a_name_that_is_unsubscribed_while_it_catches_up_come_by_the_pattern()
    {
        await _scene.PublishAsync("a.b", 10);
        await _scene.FanOutAsync();
        await Scene.SubscribeAsync(_session, _subscriber, null, "a.*");
        await Scene.SubscribeAsync(_session, _subscriber, Since.Earliest, "a.b");
        await _scene.PublishAsync("a.b", 5);
        await _scene.FanOutAsync();
        await _session.UnsubscribeAsync([TopicName.Create("a.b")], CancellationToken.None);
        await _scene.PublishAsync("a.b", 3);
        await _scene.FanOutAsync();

        _subscriber.Open();

        await ArriveAsync(11, 18);
        await _scene.PublishAsync("a.b", 2);
        await ArriveAsync(11, 20);
    }

    [Fact]
    public async Task Messages_left_to_a_name_whose_history_is_gone_come_by_the_pattern()
    {
        await _scene.PublishAsync("a.b", 10);
        await _scene.FanOutAsync();
        await Scene.SubscribeAsync(_session, _subscriber, null, "a.*");
        string epoch = (await _scene.Engine.DescribeAsync(TopicName.Create("a.b"), CancellationToken.None))!.Epoch;
        await Scene.SubscribeAsync(_session, _subscriber, Since.After(new Position(epoch, 2)), "a.b");
        await _scene.PublishAsync("a.b", 5);
        await _scene.FanOutAsync();
        _scene.Engine.Gone = 5;

        _subscriber.Open();

        await ArriveAsync(11, 15);
        _subscriber.Ended.ShouldBe(["a.b history_gone"]);
    }

    [Theory]
    [InlineData("a.b")]
    [InlineData("a.last")]
    public async Task Messages_that_come_while_a_name_is_looked_up_come_by_the_pattern(string topic)
    {
        await Scene.SubscribeAsync(_session, _subscriber, null, "a.*");
        await _scene.PublishAsync(topic, 2);
        await _scene.FanOutAsync();
        TaskCompletionSource gate = _scene.Engine.HoldDescribing();
        Task<SubscribeResult> subscribing = Scene.SubscribeAsync(_session, _subscriber, Since.Now, topic);
        await _scene.PublishAsync(topic, 5);
        await _scene.FanOutAsync();
        gate.SetResult();
        await subscribing;
        await _scene.PublishAsync(topic, 2);

        _subscriber.Open();

        await ArriveAsync(1, 9);
    }

    [Fact]
    public async Task Messages_withheld_from_a_name_come_by_the_pattern_whose_token_is_valid()
    {
        var token = new Scene.Token();
        await Scene.SubscribeAsync(_session, _subscriber, null, "a.*");
        await Scene.SubscribeAsync(_session, _subscriber, null, Scene.Who("bob", token), "a.guarded");
        await _scene.PublishAsync("a.guarded", 2);
        await _scene.FanOutAsync();
        TaskCompletionSource gate = _scene.Engine.HoldDescribing();
        Task<SubscribeResult> busy = Scene.SubscribeAsync(_session, _subscriber, Since.Now, "z");
        token.IsRevoked = true;
        Task dropping = _scene.Hub.DropExpiredAsync().AsTask();
        await _scene.PublishAsync("a.guarded", 3);
        await _scene.FanOutAsync();

        gate.SetResult();
        await busy;
        await dropping;
        await _scene.PublishAsync("a.guarded", 2);

        await ArriveAsync(1, 7);
    }

    private async Task ArriveAsync(long first, long last)
    {
        await Eventually.HoldsAsync(() => _subscriber.Offsets.Contains(last), $"message {last} arrives");
        _subscriber.Offsets.ShouldBe(Enumerable.Range(0, (int)(last - first + 1)).Select(i => first + i));
    }
}
