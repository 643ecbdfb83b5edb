using Carillon.Access;
using Carillon.Consumers.InMemory;
using Carillon.Engines;
using Carillon.Engines.InMemory;
using Carillon.Errors;
using Carillon.Hubs;
using Carillon.Publishing;
using Carillon.Sessions;
using Carillon.Topics;
using Shouldly;
using Xunit;

namespace Carillon.Tests.Hubs;

/// <summary>A policy that fails once must not blind those who subscribe to patterns.</summary>
public sealed class FaultyPatternTests : IAsyncLifetime
{
    private static readonly TopicName Guarded = TopicName.Create("a.guarded");
    private static readonly TopicName Open = TopicName.Create("a.open");
    private static readonly TopicName Pattern = TopicName.Create("a.*");

    private readonly SwitchedAccess _access = new();
    private readonly RecordingSubscriber _subscriber = new(new RecordingSubscriber.CountingFormat());
    private Hub _hub = null!;
    private Session _session = null!;

    public async ValueTask InitializeAsync()
    {
        var options = new HubOptions { Topics = [new Topic { Name = Guarded, Subscribers = _access }, new Topic { Name = Open }] };
        _hub = new Hub(options, new InMemoryTopicEngine(new EngineOptions(), TimeProvider.System), new InMemoryConsumerStore(), TimeProvider.System);
        await _hub.StartAsync(CancellationToken.None);
        _session = _hub.OpenSession("s");
    }

    public ValueTask DisposeAsync() => _hub.DisposeAsync();

    [Fact]
    public async Task Policy_that_failed_is_asked_again_by_the_heartbeat()
    {
        _access.Fails = true;
        await SubscribeAsync();
        await _hub.DropExpiredAsync(); // It fails again.
        _access.Fails = false;

        await _hub.DropExpiredAsync();

        await PublishAsync(Guarded);
        await _subscriber.WaitAsync(1);
        _subscriber.Frames.ShouldBe(["subscribed a.*", "a.guarded#1"]);
    }

    [Fact]
    public async Task Pattern_that_missed_a_message_because_a_policy_failed_ends_and_says_so()
    {
        await SubscribeAsync();
        _access.Fails = true;
        await _session.SetRequesterAsync(Requester.Anonymous.WithoutUser(), CancellationToken.None);
        await PublishAsync(Guarded);
        await PublishAsync(Open);
        await _subscriber.WaitAsync(1);
        _access.Fails = false;

        await _hub.DropExpiredAsync();

        _subscriber.Frames.ShouldBe(["subscribed a.*", "a.open#1", "ended a.* internal_error"]);
        await SubscribeAsync();
        await PublishAsync(Guarded);
        await _subscriber.WaitAsync(1);
        _subscriber.Frames.Last().ShouldBe("a.guarded#2");
    }

    [Fact]
    public async Task Pattern_that_missed_what_is_not_for_it_stays()
    {
        await SubscribeAsync();
        _access.Fails = true;
        await _session.SetRequesterAsync(Requester.Anonymous.WithoutUser(), CancellationToken.None);
        await PublishAsync(Guarded);
        await PublishAsync(Open);
        await _subscriber.WaitAsync(1);
        (_access.Fails, _access.Refuses) = (false, true);

        await _hub.DropExpiredAsync();

        await PublishAsync(Open);
        await _subscriber.WaitAsync(1);
        _subscriber.Frames.ShouldBe(["subscribed a.*", "a.open#1", "a.open#2"]);
    }

    [Fact]
    public async Task Topic_composed_while_its_policy_fails_is_decided_about_by_the_heartbeat()
    {
        await SubscribeAsync();
        _access.Fails = true;
        var added = TopicName.Create("a.added");
        (await _hub.AddTopicAsync(new Topic { Name = added, Subscribers = _access }, CancellationToken.None)).ShouldBeNull();
        _access.Fails = false;

        await _hub.DropExpiredAsync();

        await PublishAsync(added);
        await _subscriber.WaitAsync(1);
        _subscriber.Frames.ShouldBe(["subscribed a.*", "a.added#1"]);
    }

    private async Task SubscribeAsync() => (await _session.SubscribeAsync([Pattern], null, _subscriber, CancellationToken.None)).ShouldBeNull();

    private async Task PublishAsync(TopicName topic) =>
        (await _hub.PublishAsync(new PublishRequest { Topic = topic, Payload = "1"u8.ToArray() }, CancellationToken.None)).Accepted.ShouldBeTrue();

    private sealed class SwitchedAccess : TopicAccess
    {
        public bool Fails { get; set; }

        public bool Refuses { get; set; }

        public override ValueTask<Error?> CheckAsync(AccessRequest request, CancellationToken cancellationToken) =>
            Fails ? throw new TimeoutException("the directory is away") : new(Refuses ? new Error(ErrorCode.Forbidden, "no") : null);
    }
}
