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

/// <summary>Policies and storage that take their time neither add up nor keep a client's session from ending.</summary>
public sealed class ClosingTests : IAsyncLifetime
{
    private static readonly TopicName Open = TopicName.Create("open");
    private static readonly TopicName[] Slow = [TopicName.Create("slow.1"), TopicName.Create("slow.2"), TopicName.Create("slow.3")];

    private readonly ManualTimeProvider _time = new();
    private readonly GatedStore _store = new();
    private readonly CountedAccess _access = new();
    private readonly RecordingSubscriber.CountingFormat _format = new();
    private readonly GatedSubscriber _subscriber = new();
    private Hub _hub = null!;
    private Session _session = null!;

    public async ValueTask InitializeAsync()
    {
        var options = new HubOptions { Topics = [new Topic { Name = Open }, .. Slow.Select(name => new Topic { Name = name, Subscribers = _access, Publishers = _access })] };
        _hub = new Hub(options, new InMemoryTopicEngine(new EngineOptions(), _time), _store, _time);
        await _hub.StartAsync(CancellationToken.None);
        _session = _hub.OpenSession("s");
        (await _session.SubscribeAsync([Open], null, _subscriber, CancellationToken.None)).ShouldBeNull();
    }

    public ValueTask DisposeAsync() => _hub.DisposeAsync();

    [Fact]
    public async Task Policies_of_one_command_are_asked_at_once()
    {
        Task<SubscribeResult> subscribing = SubscribeAsync();

        await Eventually.HoldsAsync(() => _access.Asked == Slow.Length, "all are asked");

        _access.Answer();
        (await subscribing).Error.ShouldBeNull();
        Slow.Select(_hub.CountSubscriptions).ShouldBe([1, 1, 1]);
    }

    [Fact]
    public async Task Session_that_closes_is_delivered_nothing_more_and_waits_for_no_policy()
    {
        var witness = new RecordingSubscriber(_format);
        (await _hub.OpenSession("witness").SubscribeAsync([Open], null, witness, CancellationToken.None)).ShouldBeNull();
        Task<SubscribeResult> subscribing = SubscribeAsync();
        await Eventually.HoldsAsync(() => _access.Asked > 0, "a policy is asked");

        await _session.CloseAsync();

        (await subscribing).Error.ShouldNotBeNull().Code.ShouldBe(ErrorCode.Unavailable);
        await PublishAsync(witness);
        _subscriber.Offsets.ShouldBeEmpty();
        _hub.Metrics.Subscriptions.ShouldBe(1);
        _access.Cancelled.ShouldBe(Slow.Length);
    }

    [Fact]
    public async Task Session_that_closes_is_delivered_nothing_more_although_storage_hangs()
    {
        var witness = new RecordingSubscriber(_format);
        (await _hub.OpenSession("witness").SubscribeAsync([Open], null, witness, CancellationToken.None)).ShouldBeNull();
        _access.Answer();
        TaskCompletionSource gate = _store.HoldAdding();
        Task<SubscribeResult> subscribing = SubscribeAsync();
        Task closing = _session.CloseAsync().AsTask();

        await PublishAsync(witness);

        _subscriber.Offsets.ShouldBeEmpty();
        closing.IsCompleted.ShouldBeFalse();
        gate.SetResult();
        await closing;
        (await subscribing).Error.ShouldNotBeNull().Code.ShouldBe(ErrorCode.Unavailable);
        _hub.CountSubscriptions(Slow[0]).ShouldBe(0);
        _hub.Metrics.Subscriptions.ShouldBe(1);
    }

    [Fact]
    public async Task Unsubscribe_that_is_given_up_is_counted()
    {
        TaskCompletionSource gate = _store.HoldRemoving();
        Task<Error?> unsubscribing = _session.UnsubscribeAsync([Open], CancellationToken.None).AsTask();

        gate.SetCanceled();

        await Should.ThrowAsync<OperationCanceledException>(unsubscribing);
        _hub.Metrics.Subscriptions.ShouldBe(0);
    }

    private Task<SubscribeResult> SubscribeAsync() => _session.SubscribeAsync(
        new SubscribeRequest { Topics = [.. Slow.Select(static name => new WantedTopic(name))], Subscriber = _subscriber, EachByItself = true }, CancellationToken.None).AsTask();

    private async Task PublishAsync(RecordingSubscriber witness)
    {
        (await _hub.PublishAsync(new PublishRequest { Topic = Open, Payload = "1"u8.ToArray() }, CancellationToken.None)).Accepted.ShouldBeTrue();
        await witness.WaitAsync(1);
    }

    /// <summary>Answers none before all may be answered, and counts who was asked.</summary>
    private sealed class CountedAccess : TopicAccess
    {
        private readonly TaskCompletionSource _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _asked;
        private int _cancelled;

        public int Asked => Volatile.Read(ref _asked);

        public int Cancelled => Volatile.Read(ref _cancelled);

        public void Answer() => _answer.SetResult();

        public override async ValueTask<Error?> CheckAsync(AccessRequest request, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _asked);
            using CancellationTokenRegistration registration = cancellationToken.Register(() => Interlocked.Increment(ref _cancelled));
            await _answer.Task;
            return null;
        }
    }
}
