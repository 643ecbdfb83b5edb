using System.Security.Claims;
using Carillon.Access;
using Carillon.Consumers;
using Carillon.Diagnostics;
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

/// <summary>What tokens gave is taken away when they end, whatever the policies and the storage of others are doing.</summary>
public sealed class ExpiryTests : IAsyncLifetime
{
    private static readonly TopicName Slow = TopicName.Create("slow");
    private static readonly TopicName Guarded = TopicName.Create("guarded");
    private static readonly TopicName Open = TopicName.Create("open");
    private static readonly TopicName Everything = TopicName.Create("*");

    private readonly ManualTimeProvider _time = new();
    private readonly Revocable _token = new();
    private readonly HangingAccess _access = new();
    private readonly GatedStore _store = new();
    private readonly RecordingSubscriber.CountingFormat _format = new();
    private Hub _hub = null!;

    public async ValueTask InitializeAsync()
    {
        var options = new HubOptions
        {
            Topics =
            [
                new Topic { Name = Slow, Subscribers = _access },
                new Topic { Name = Guarded, Subscribers = TopicAccess.Authenticated },
                new Topic { Name = Open },
            ],
        };
        _hub = new Hub(options, new InMemoryTopicEngine(new EngineOptions(), _time), _store, _time);
        await _hub.StartAsync(CancellationToken.None);
    }

    public ValueTask DisposeAsync() => _hub.DisposeAsync();

    [Fact]
    public async Task Revoked_client_loses_its_topics_although_the_policy_of_another_session_hangs()
    {
        (Session other, RecordingSubscriber second) = await SubscribeAsync("other", Guarded);
        (_, RecordingSubscriber victim) = await SubscribeAsync("victim", Guarded);
        (_, RecordingSubscriber witness) = await SubscribeAsync("witness", new Revocable(), Guarded);
        _access.Hang();
        Task<Error?> hanging = other.SubscribeAsync([Slow], null, second, CancellationToken.None).AsTask();

        _token.IsRevoked = true;
        Task dropping = _hub.DropExpiredAsync().AsTask();
        await Eventually.HoldsAsync(() => victim.Frames.Contains("ended guarded unauthorized"), "the client of the other session is told");
        await PublishAsync(Guarded);
        await witness.WaitAsync(1);

        dropping.IsCompleted.ShouldBeFalse(); // The session whose policy hangs has not been told, and gets nothing all the same.
        _access.Answer();
        await dropping;
        await hanging;
        second.Frames.ShouldNotContain("guarded#1");
        victim.Frames.ShouldNotContain("guarded#1");
    }

    [Fact]
    public async Task Expiry_is_found_at_the_next_heartbeat_while_an_earlier_one_is_not_complete()
    {
        (_, RecordingSubscriber first) = await SubscribeAsync("first", Slow);
        var later = new Revocable();
        (_, RecordingSubscriber second) = await SubscribeAsync("second", later, Guarded);
        _access.Hang();
        _token.IsRevoked = true;
        Task hanging = _hub.DropExpiredAsync().AsTask();

        later.IsRevoked = true;
        await _hub.DropExpiredAsync();

        second.Frames.ShouldBe(["subscribed guarded", "ended guarded unauthorized"]);
        _access.Answer();
        await hanging;
        first.Frames.ShouldBe(["subscribed slow"]);
    }

    [Fact]
    public async Task Policy_that_never_answers_has_refused_after_ten_seconds()
    {
        (_, RecordingSubscriber subscriber) = await SubscribeAsync("s", Slow);
        _access.Hang();
        _token.IsRevoked = true;
        Task dropping = _hub.DropExpiredAsync().AsTask();
        await _access.Asked;

        // The timer may be set a moment after the question was asked.
        await Eventually.HoldsAsync(
            () =>
            {
                _time.Advance(TimeSpan.FromSeconds(11));
                return dropping.IsCompleted;
            },
            "the answer is not waited for");

        subscriber.Frames.ShouldBe(["subscribed slow", "ended slow internal_error"]);
    }

    [Fact]
    public async Task Subscription_that_stays_without_its_token_ends_if_a_message_came_before_that_was_decided()
    {
        (_, RecordingSubscriber subscriber) = await SubscribeAsync("s", Slow, Open);
        _access.Hang();
        _token.IsRevoked = true;
        Task dropping = _hub.DropExpiredAsync().AsTask();
        await PublishAsync(Slow);
        await PublishAsync(Open); // Fan-out goes in the order of the publishes, so that the other message has been withheld when this one arrives.
        await subscriber.WaitAsync(1);

        _access.Answer();
        await dropping;

        subscriber.Frames.ShouldBe(["subscribed slow", "subscribed open", "open#1", "ended slow unauthorized"]);
    }

    [Fact]
    public async Task Topic_that_is_composed_anew_gives_nothing_back_to_who_has_lost_it()
    {
        (Session session, RecordingSubscriber subscriber) = await SubscribeAsync("s", Slow);
        _access.Hang(onlyAnonymous: true);
        TaskCompletionSource gate = _store.HoldAdding();
        Task<Error?> subscribing = session.SubscribeAsync([Open], null, subscriber, CancellationToken.None).AsTask(); // It has the turn.
        Task<Error?> composing = _hub.AddTopicAsync(new Topic { Name = Slow, Subscribers = _access, RetainLast = true }, CancellationToken.None).AsTask();
        _token.IsRevoked = true;
        Task dropping = _hub.DropExpiredAsync().AsTask();

        gate.SetResult();
        await Task.WhenAll(subscribing, composing, _access.Asked);
        await PublishAsync(Slow);
        await PublishAsync(Open);
        await subscriber.WaitAsync(1);

        _access.Answer();
        await dropping;
        subscriber.Frames.ShouldBe(["subscribed slow", "subscribed open", "open#1", "ended slow unauthorized"]);
    }

    [Fact]
    public async Task Pattern_gets_nothing_guarded_while_it_is_decided_anew_and_stays()
    {
        (_, RecordingSubscriber subscriber) = await SubscribeAsync("s", Everything);
        _access.Hang(refuse: true);
        _token.IsRevoked = true;
        Task dropping = _hub.DropExpiredAsync().AsTask();
        await PublishAsync(Guarded);
        await PublishAsync(Open);
        await subscriber.WaitAsync(1);

        _access.Answer();
        await dropping;
        await PublishAsync(Guarded);
        await PublishAsync(Open);
        await subscriber.WaitAsync(1);

        subscriber.Frames.ShouldBe(["subscribed *", "open#1", "open#2"]);
    }

    [Fact]
    public async Task Pattern_is_decided_while_the_policy_of_another_hangs()
    {
        _access.Hang();
        Task<Error?> hanging = _hub.OpenSession("a", Who(_token)).SubscribeAsync([Everything], null, new RecordingSubscriber(_format), CancellationToken.None).AsTask();
        await _access.Asked;

        (await _hub.OpenSession("b").SubscribeAsync([TopicName.Create("o*.>")], null, new RecordingSubscriber(_format), CancellationToken.None)).ShouldBeNull();
        (await _hub.AddTopicAsync(new Topic { Name = TopicName.Create("added"), Subscribers = TopicAccess.Authenticated }, CancellationToken.None)).ShouldBeNull();

        hanging.IsCompleted.ShouldBeFalse();
        _access.Answer();
        (await hanging).ShouldBeNull();
    }

    [Fact]
    public async Task Pattern_knows_the_topics_that_were_added_while_it_was_decided()
    {
        var subscriber = new RecordingSubscriber(_format);
        _access.Hang();
        Task<Error?> subscribing = _hub.OpenSession("a", Who(_token)).SubscribeAsync([Everything], null, subscriber, CancellationToken.None).AsTask();
        await _access.Asked;
        var added = TopicName.Create("added");
        await _hub.AddTopicAsync(new Topic { Name = added, Subscribers = TopicAccess.Authenticated }, CancellationToken.None);

        _access.Answer();
        (await subscribing).ShouldBeNull();
        await PublishAsync(added);
        await subscriber.WaitAsync(1);

        subscriber.Frames.ShouldBe(["subscribed *", "added#1"]);
    }

    [Fact]
    public async Task Token_that_was_refreshed_while_the_heartbeat_looks_counts()
    {
        (Session session, RecordingSubscriber subscriber) = await SubscribeAsync("s", Guarded);
        TaskCompletionSource gate = _store.HoldAdding();
        Task<Error?> subscribing = session.SubscribeAsync([Open], null, subscriber, CancellationToken.None).AsTask(); // It has the turn.
        _token.IsRevoked = true;
        Task refreshing = session.SetRequesterAsync(Who(new Revocable()), CancellationToken.None).AsTask();
        Task dropping = _hub.DropExpiredAsync().AsTask();

        gate.SetResult();
        await Task.WhenAll(subscribing, refreshing, dropping);
        await PublishAsync(Guarded);
        await subscriber.WaitAsync(1);

        session.Requester.IsAuthenticated.ShouldBeTrue();
        subscriber.Frames.ShouldBe(["subscribed guarded", "subscribed open", "guarded#1"]);
    }

    [Fact]
    public async Task Rows_of_a_session_that_lost_many_topics_are_removed_at_once()
    {
        TopicName[] topics = [.. Enumerable.Range(0, 20).Select(static i => TopicName.Create($"g{i}"))];
        foreach (TopicName topic in topics)
        {
            await _hub.AddTopicAsync(new Topic { Name = topic, Subscribers = TopicAccess.Authenticated }, CancellationToken.None);
        }

        await SubscribeAsync("s", topics);
        _token.IsRevoked = true;
        await _hub.DropExpiredAsync();

        _store.Removals.ShouldBe(1);
        (await _store.QuerySubscriptionsAsync(new ConsumerQuery(), CancellationToken.None)).Items.ShouldBeEmpty();
    }

    [Fact]
    public async Task Topic_that_is_removed_delivers_nothing_more_although_storage_hangs()
    {
        (_, RecordingSubscriber first) = await SubscribeAsync("first", Guarded);
        (_, RecordingSubscriber second) = await SubscribeAsync("second", Guarded);
        TaskCompletionSource gate = _store.HoldRemoving();

        Task<bool> removing = _hub.RemoveTopicAsync(Guarded).AsTask();

        // Both are told, although the removal of neither's row has been confirmed.
        await Eventually.HoldsAsync(() => first.Frames.Count == 2 && second.Frames.Count == 2, "both are told");
        gate.SetResult();
        (await removing).ShouldBeTrue();
        first.Frames.ShouldBe(["subscribed guarded", "ended guarded topic_not_found"]);
    }

    [Fact]
    public async Task Status_that_fails_counts_as_revoked_and_hurts_no_other_session()
    {
        var bad = new FaultyStatus();
        (_, RecordingSubscriber broken) = await SubscribeAsync("bad", bad, Guarded);
        (_, RecordingSubscriber victim) = await SubscribeAsync("victim", Guarded);
        var faults = new List<HubPart>();
        _hub.Faulted += (_, fault) => faults.Add(fault.Part);
        bad.Fails = true;
        _token.IsRevoked = true;

        await _hub.DropExpiredAsync();

        broken.Frames.ShouldBe(["subscribed guarded", "ended guarded unauthorized"]);
        victim.Frames.ShouldBe(["subscribed guarded", "ended guarded unauthorized"]);
        faults.ShouldBe([HubPart.Tokens]);
    }

    [Fact]
    public async Task Revoked_session_publishes_as_nobody_before_its_turn_has_come()
    {
        Requester ada = Who(_token);
        var guarded = new Topic { Name = Guarded, Publishers = TopicAccess.Authenticated };
        await _hub.AddTopicAsync(guarded, CancellationToken.None);
        (await PublishAsync(ada)).Accepted.ShouldBeTrue();

        _token.IsRevoked = true;

        (await PublishAsync(ada)).Error.ShouldNotBeNull().Code.ShouldBe(ErrorCode.Unauthorized);
    }

    private ValueTask<PublishResult> PublishAsync(Requester requester) =>
        _hub.PublishAsync(new PublishRequest { Topic = Guarded, Payload = "1"u8.ToArray(), Requester = requester }, CancellationToken.None);

    private static Requester Who(ITokenStatus status) => new(Ada(), tokens: [new VerifiedToken(Ada(), Status: status)]);

    private static ClaimsPrincipal Ada() => new(new ClaimsIdentity([new Claim(ClaimTypes.Name, "ada")], "test"));

    private async Task PublishAsync(TopicName topic) =>
        (await _hub.PublishAsync(new PublishRequest { Topic = topic, Payload = "1"u8.ToArray() }, CancellationToken.None)).Accepted.ShouldBeTrue();

    private Task<(Session Session, RecordingSubscriber Subscriber)> SubscribeAsync(string id, params TopicName[] topics) => SubscribeAsync(id, _token, topics);

    private async Task<(Session Session, RecordingSubscriber Subscriber)> SubscribeAsync(string id, ITokenStatus token, params TopicName[] topics)
    {
        var subscriber = new RecordingSubscriber(_format);
        Session session = _hub.OpenSession(id, Who(token));
        (await session.SubscribeAsync(topics, null, subscriber, CancellationToken.None)).ShouldBeNull();
        return (session, subscriber);
    }

    private sealed class FaultyStatus : ITokenStatus
    {
        public bool Fails { get; set; }

        public bool IsRevoked => Fails ? throw new ObjectDisposedException("status") : false;
    }
}
