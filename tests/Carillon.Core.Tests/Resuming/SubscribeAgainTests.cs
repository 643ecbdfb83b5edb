using System.Security.Claims;
using Carillon.Access;
using Carillon.Consumers.InMemory;
using Carillon.Engines;
using Carillon.Engines.Conformance;
using Carillon.Engines.InMemory;
using Carillon.Hubs;
using Carillon.Publishing;
using Carillon.Resuming;
using Carillon.Sessions;
using Carillon.Tests.Hubs;
using Carillon.Topics;
using Shouldly;
using Xunit;

namespace Carillon.Tests.Resuming;

public sealed class SubscribeAgainTests : IAsyncLifetime
{
    private const int Kept = 2000;

    private static readonly TopicName Alpha = TopicName.Create("alpha");

    private readonly ManualTimeProvider _time = new();
    private readonly GatedSubscriber _subscriber = new();
    private Hub _hub = null!;

    public async ValueTask InitializeAsync()
    {
        var options = new HubOptions { Topics = [new Topic { Name = Alpha, Subscribers = TopicAccess.Authenticated }] };
        _hub = new Hub(options, new InMemoryTopicEngine(new EngineOptions(), _time), new InMemoryConsumerStore(), _time);
        await _hub.StartAsync(CancellationToken.None);
        await PublishAsync(Kept);
    }

    public ValueTask DisposeAsync() => _hub.DisposeAsync();

    [Fact]
    public async Task Subscribing_again_during_a_catch_up_lets_it_go_on_and_new_messages_follow_once()
    {
        Session session = _hub.OpenSession("s", Ada(new TokenStatus()));
        await SubscribeAsync(session, Since.Earliest);
        await SubscribeAsync(session, since: null);
        await PublishAsync(5);

        _subscriber.Open();

        await Eventually.HoldsAsync(() => _subscriber.Offsets.Count >= Kept + 5, "everything arrives");
        _subscriber.Offsets.ShouldBe(Enumerable.Range(1, Kept + 5).Select(offset => (long)offset));
    }

    [Fact]
    public async Task Subscribing_again_and_again_since_earliest_delivers_what_is_kept_once()
    {
        Session session = _hub.OpenSession("s", Ada(new TokenStatus()));
        for (int i = 0; i < 50; i++)
        {
            await SubscribeAsync(session, Since.Earliest);
        }

        _subscriber.Open();

        await Eventually.HoldsAsync(() => _subscriber.Offsets.Count >= Kept, "what is kept arrives");
        _subscriber.Offsets.ShouldBe(Enumerable.Range(1, Kept).Select(offset => (long)offset));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Nothing_more_comes_after_a_revoked_token_although_it_was_subscribed_again(bool since)
    {
        var status = new TokenStatus();
        Session session = _hub.OpenSession("s", Ada(status));
        await SubscribeAsync(session, Since.Earliest);
        await SubscribeAsync(session, since ? Since.Earliest : null);
        status.IsRevoked = true;
        await _hub.DropExpiredAsync();

        _subscriber.Open();

        _subscriber.Ended.ShouldBe(["alpha unauthorized"]);
        _subscriber.Offsets.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Nothing_more_comes_after_unsubscribing_although_it_was_subscribed_again(bool since)
    {
        Session session = _hub.OpenSession("s", Ada(new TokenStatus()));
        await SubscribeAsync(session, Since.Earliest);
        await SubscribeAsync(session, since ? Since.Earliest : null);
        await session.UnsubscribeAsync([Alpha], CancellationToken.None);

        _subscriber.Open();

        _subscriber.Offsets.ShouldBeEmpty();
    }

    private static Requester Ada(ITokenStatus status)
    {
        var user = new ClaimsPrincipal(new ClaimsIdentity([new System.Security.Claims.Claim(ClaimTypes.Name, "ada")], "test"));
        return new Requester(user, null, [new VerifiedToken(user, null, status)]);
    }

    private async Task SubscribeAsync(Session session, Since? since)
    {
        var request = new SubscribeRequest { Topics = [new WantedTopic(Alpha, since)], Subscriber = _subscriber };
        (await session.SubscribeAsync(request, CancellationToken.None)).Error.ShouldBeNull();
    }

    private async Task PublishAsync(int count)
    {
        for (int i = 0; i < count; i++)
        {
            (await _hub.PublishAsync(new PublishRequest { Topic = Alpha, Payload = "1"u8.ToArray() }, CancellationToken.None)).Accepted.ShouldBeTrue();
        }
    }

    private sealed class TokenStatus : ITokenStatus
    {
        public bool IsRevoked { get; set; }
    }
}
