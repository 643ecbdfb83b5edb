using System.Collections.Concurrent;
using Carillon.Access;
using Carillon.Consumers;
using Carillon.Consumers.InMemory;
using Carillon.Deliveries;
using Carillon.Diagnostics;
using Carillon.Engines;
using Carillon.Engines.Conformance;
using Carillon.Engines.InMemory;
using Carillon.Errors;
using Carillon.Hubs;
using Carillon.Monitoring;
using Carillon.Publishing;
using Carillon.Rules;
using Carillon.Sessions;
using Carillon.Specs;
using Carillon.Topics;
using Carillon.Topics.Filters;
using Shouldly;
using Xunit;

namespace Carillon.Tests.Hubs;

/// <summary>What fails of that which an application composes a hub of is told, seldom, and decides against: nobody else notices.</summary>
public sealed class HubFaultTests : IAsyncLifetime
{
    private static readonly TopicName Good = TopicName.Create("good");
    private static readonly TopicName Bad = TopicName.Create("bad");

    private readonly ManualTimeProvider _time = new();
    private readonly List<string> _told = [];
    private readonly RecordingSubscriber.CountingFormat _format = new();
    private Hub? _hub;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _hub?.DisposeAsync() ?? ValueTask.CompletedTask;

    [Theory]
    [InlineData(HubPart.Publishers)]
    [InlineData(HubPart.Spec)]
    [InlineData(HubPart.AppendedFields)]
    public async Task Publish_that_cannot_be_decided_is_refused_and_told_once_a_minute(HubPart part)
    {
        Hub hub = await OpenAsync(Broken(Bad, part), new Topic { Name = Good });

        for (int i = 0; i < 100; i++)
        {
            PublishResult result = await PublishAsync(hub, Bad);
            result.Error.ShouldNotBeNull().Code.ShouldBe(ErrorCode.Internal);
            result.Error.Message.ShouldNotContain("as told");
        }

        _told.ShouldBe([$"{part} bad as told"]);
        (await PublishAsync(hub, Good)).Accepted.ShouldBeTrue();

        _time.Advance(TimeSpan.FromMinutes(1));
        await PublishAsync(hub, Bad);
        await PublishAsync(hub, Bad);
        _told.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Faults_of_two_topics_and_two_parts_are_told_each()
    {
        var other = TopicName.Create("other");
        Hub hub = await OpenAsync(Broken(Bad, HubPart.Spec), Broken(other, HubPart.Spec), Broken(Good, HubPart.Subscribers));
        await PublishAsync(hub, Bad);
        await PublishAsync(hub, other);

        (await hub.OpenSession("s").SubscribeAsync([Good], null, new RecordingSubscriber(_format), CancellationToken.None)).ShouldNotBeNull().Code.ShouldBe(ErrorCode.Internal);
        (await hub.CheckReaderAsync(Good, Requester.Anonymous, CancellationToken.None)).ShouldNotBeNull().Code.ShouldBe(ErrorCode.Internal);

        _told.ShouldBe(["Spec bad as told", "Spec other as told", "Subscribers good as told"]);
    }

    [Fact]
    public async Task Message_whose_filter_fails_is_delivered_to_those_who_do_not_select_and_told()
    {
        Hub hub = await OpenAsync(Broken(Bad, HubPart.Filters));
        var all = new RecordingSubscriber(_format);
        var selecting = new RecordingSubscriber(_format);
        await hub.OpenSession("a").SubscribeAsync([Bad], null, all, CancellationToken.None);
        await hub.OpenSession("b").SubscribeAsync([TopicName.Create("bad.word")], null, selecting, CancellationToken.None);

        await PublishAsync(hub, Bad);
        await all.WaitAsync(1);
        await Eventually.HoldsAsync(() => _told.Count > 0, "the fault is told");

        _told.ShouldBe(["Filters bad as told"]);
        selecting.Frames.ShouldBe(["subscribed bad.word"]);
    }

    [Fact]
    public async Task Rule_that_fails_for_one_client_is_told_and_others_are_still_checked()
    {
        var options = new HubOptions { Rules = [new FailingFor("first"), new Refusing()] };
        Hub hub = await OpenAsync(options);
        Owner[] owners = [new(), new(), new()];
        for (int i = 0; i < owners.Length; i++)
        {
            hub.OpenSession(i == 1 ? "first" : $"s{i}", owner: owners[i]);
        }

        hub.CheckRules();

        owners.ShouldAllBe(owner => owner.IsBroken); // By the second rule.
        _told.ShouldBe(["Rules  as told"]);
    }

    [Fact]
    public async Task Monitoring_that_cannot_be_decided_is_refused_and_told()
    {
        Hub hub = await OpenAsync(new HubOptions { Monitors = new Failing() });
        (await hub.CheckMonitorAsync(Requester.Anonymous, CancellationToken.None)).ShouldNotBeNull().Code.ShouldBe(ErrorCode.Internal);
        _told.ShouldBe(["Monitors  as told"]);
    }

    [Fact]
    public async Task Subscriber_that_fails_loses_its_subscription_and_nobody_else_notices()
    {
        Hub hub = await OpenAsync(new Topic { Name = Good });
        var failing = new FailingSubscriber();
        var healthy = new RecordingSubscriber(_format);
        await hub.OpenSession("a").SubscribeAsync([Good], null, failing, CancellationToken.None);
        await hub.OpenSession("b").SubscribeAsync([TopicName.Create("*")], null, failing, CancellationToken.None);
        await hub.OpenSession("c").SubscribeAsync([Good], null, healthy, CancellationToken.None);

        await PublishAsync(hub, Good);
        await PublishAsync(hub, Good);
        await healthy.WaitAsync(2);
        await Eventually.HoldsAsync(() => failing.Reasons.Count == 2 && hub.Metrics.Subscriptions == 1, "both subscriptions are ended, and counted as that behind what the client is told");

        failing.Reasons.ShouldAllBe(reason => reason.Code == ErrorCode.Internal && !reason.Message.Contains("as told", StringComparison.Ordinal));
        hub.CountSubscriptions(Good).ShouldBe(1);
        _told.ShouldBe(["Delivery good as told", "Delivery * as told"]);
    }

    [Fact]
    public async Task Observer_that_fails_keeps_no_message_from_subscribers()
    {
        Hub hub = await OpenAsync(new Topic { Name = Good });
        var healthy = new RecordingSubscriber(_format);
        hub.AddObserver(new FailingObserver());
        await hub.OpenSession("c").SubscribeAsync([Good], null, healthy, CancellationToken.None);

        await PublishAsync(hub, Good);
        await healthy.WaitAsync(1);

        _told.ShouldBe(["Observer  as told"]);
    }

    private static Topic Broken(TopicName name, HubPart part)
    {
        var topic = new Topic { Name = name };
        return part switch
        {
            HubPart.Publishers => topic with { Publishers = new Failing() },
            HubPart.Subscribers => topic with { Subscribers = new Failing() },
            HubPart.Spec => topic with { Spec = new FailingSpec() },
            HubPart.AppendedFields => topic with { Appended = new AppendedFields(AppendedField.Custom("f", static (_, _) => throw Fault())) },
            _ => topic with { Filters = [TopicFilter.Custom(static _ => throw Fault())] },
        };
    }

    private static InvalidOperationException Fault() => new("as told");

    private Task<Hub> OpenAsync(params Topic[] topics) => OpenAsync(new HubOptions { Topics = topics });

    private async Task<Hub> OpenAsync(HubOptions options)
    {
        _hub = new Hub(options, new InMemoryTopicEngine(new EngineOptions(), _time), new InMemoryConsumerStore(), _time);
        _hub.Faulted += (_, fault) => _told.Add($"{fault.Part} {fault.Topic} {fault.Exception.Message}");
        await _hub.StartAsync(CancellationToken.None);
        return _hub;
    }

    private static async Task<PublishResult> PublishAsync(Hub hub, TopicName topic) =>
        await hub.PublishAsync(new PublishRequest { Topic = topic, Payload = "{}"u8.ToArray() }, CancellationToken.None);

    private sealed class Failing : TopicAccess
    {
        public override ValueTask<Error?> CheckAsync(AccessRequest request, CancellationToken cancellationToken) => throw Fault();
    }

    private sealed class FailingSubscriber : ISubscriber
    {
        public ConcurrentQueue<Error> Reasons { get; } = new();

        public void OnSubscribed(TopicName topic)
        {
        }

        public bool TryDeliver(Delivery delivery) => throw Fault();

        public ValueTask WaitForRoomAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

        public void OnEnded(TopicName topic, Error reason)
        {
            Reasons.Enqueue(reason);
            throw Fault();
        }
    }

    private sealed class FailingObserver : IHubObserver
    {
        public void OnMessages(Delivery delivery) => throw Fault();

        public void OnSubscribed(SubscriptionRecord subscription)
        {
        }

        public void OnUnsubscribed(SubscriptionRecord subscription)
        {
        }

        public void OnConsumed(Consumption consumption)
        {
        }
    }

    private sealed class FailingSpec : IPayloadSpec
    {
        public Error? Check(ReadOnlySpan<byte> payload) => throw Fault();
    }

    private sealed class FailingFor(string session) : IHubRule
    {
        public Error? Check(in ClientState client) => client.SessionId == session ? throw Fault() : null;
    }

    private sealed class Refusing : IHubRule
    {
        public Error? Check(in ClientState client) => new(ErrorCode.RuleBroken, "no");
    }

    private sealed class Owner : ISessionOwner
    {
        public long? LastPing => null;

        public bool IsBroken { get; private set; }

        public void OnRuleBroken(Error reason) => IsBroken = true;
    }
}
