using Carillon.Access;
using Carillon.Engines;
using Carillon.Engines.Conformance;
using Carillon.Engines.InMemory;
using Carillon.Errors;
using Carillon.Hubs;
using Carillon.Publishing;
using Carillon.Sessions;
using Carillon.Topics;
using Shouldly;
using Xunit;

namespace Carillon.Tests.Hubs;

/// <summary>A topic that is composed anew for others gives its messages to nobody who was not decided about, whatever the sessions are doing.</summary>
public sealed class StricterCompositionTests : IAsyncLifetime
{
    private static readonly TopicName Alpha = TopicName.Create("alpha");
    private static readonly TopicName Open = TopicName.Create("open");
    private static readonly TopicName Other = TopicName.Create("other");

    private readonly GatedStore _store = new();
    private readonly HangingAccess _access = new();
    private readonly RecordingSubscriber _subscriber = new(new RecordingSubscriber.CountingFormat());
    private Hub _hub = null!;
    private Session _session = null!;

    public async ValueTask InitializeAsync()
    {
        var options = new HubOptions { Topics = [new Topic { Name = Alpha }, new Topic { Name = Open }, new Topic { Name = Other }] };
        _hub = new Hub(options, new InMemoryTopicEngine(new EngineOptions(), TimeProvider.System), _store, TimeProvider.System);
        await _hub.StartAsync(CancellationToken.None);
        _session = _hub.OpenSession("s");
        (await _session.SubscribeAsync([Alpha, Open], null, _subscriber, CancellationToken.None)).ShouldBeNull();
    }

    public ValueTask DisposeAsync() => _hub.DisposeAsync();

    [Fact]
    public async Task Who_is_not_let_in_any_more_gets_nothing_although_his_session_is_busy()
    {
        (Task<Error?> busy, TaskCompletionSource gate) = TakeTurn();

        Task<Error?> composing = ComposeAsync(TopicAccess.Nobody);
        await PublishAsync(Alpha);
        await PublishAsync(Open);
        await _subscriber.WaitAsync(1);

        composing.IsCompleted.ShouldBeFalse();
        gate.SetResult();
        await Task.WhenAll(busy, composing);
        _subscriber.Frames.ShouldBe(["subscribed alpha", "subscribed open", "open#1", "subscribed other", "ended alpha forbidden"]);
    }

    [Fact]
    public async Task Who_stays_gets_every_message_although_his_session_is_busy()
    {
        (Task<Error?> busy, TaskCompletionSource gate) = TakeTurn();

        Task<Error?> composing = ComposeAsync(TopicAccess.Any(TopicAccess.Anyone));
        await PublishAsync(Alpha);
        await PublishAsync(Open);
        await _subscriber.WaitAsync(2);

        gate.SetResult();
        await Task.WhenAll(busy, composing);
        await PublishAsync(Alpha);
        await _subscriber.WaitAsync(1);
        _subscriber.Frames.ShouldBe(["subscribed alpha", "subscribed open", "alpha#1", "open#1", "subscribed other", "alpha#2"]);
    }

    [Fact]
    public async Task Who_becomes_somebody_else_while_it_is_decided_and_missed_a_message_is_told_so()
    {
        _access.Hang();
        Task<Error?> composing = ComposeAsync(_access);
        await _access.Asked;
        await _session.SetRequesterAsync(Requester.Anonymous.WithoutUser(), CancellationToken.None);
        (Task<Error?> busy, TaskCompletionSource gate) = TakeTurn();
        _access.Answer();
        await Eventually.HoldsAsync(() => ReferenceEquals(_hub.FindTopic(Alpha)!.Subscribers, _access), "it is composed");

        await PublishAsync(Alpha);
        await PublishAsync(Open);
        await _subscriber.WaitAsync(1);

        gate.SetResult();
        await Task.WhenAll(busy, composing);
        _subscriber.Frames.ShouldBe(["subscribed alpha", "subscribed open", "open#1", "subscribed other", "ended alpha unauthorized"]);
    }

    [Fact]
    public async Task Composition_that_lets_in_the_same_withholds_nothing()
    {
        await ComposeAsync(_access);
        _access.Hang();
        (Task<Error?> busy, TaskCompletionSource gate) = TakeTurn();

        Task<Error?> composing = _hub.AddTopicAsync(new Topic { Name = Alpha, Subscribers = _access, MaxPayloadBytes = 100 }, CancellationToken.None).AsTask();
        await PublishAsync(Alpha);
        await _subscriber.WaitAsync(1);

        _access.Answer();
        gate.SetResult();
        await Task.WhenAll(busy, composing);
        _subscriber.Frames.ShouldNotContain(frame => frame.StartsWith("ended", StringComparison.Ordinal));
    }

    private (Task<Error?> Busy, TaskCompletionSource Gate) TakeTurn()
    {
        TaskCompletionSource gate = _store.HoldAdding();
        return (_session.SubscribeAsync([Other], null, _subscriber, CancellationToken.None).AsTask(), gate);
    }

    private Task<Error?> ComposeAsync(TopicAccess subscribers) => _hub.AddTopicAsync(new Topic { Name = Alpha, Subscribers = subscribers }, CancellationToken.None).AsTask();

    private async Task PublishAsync(TopicName topic) =>
        (await _hub.PublishAsync(new PublishRequest { Topic = topic, Payload = "1"u8.ToArray() }, CancellationToken.None)).Accepted.ShouldBeTrue();
}
