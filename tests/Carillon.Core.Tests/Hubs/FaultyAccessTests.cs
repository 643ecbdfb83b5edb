using System.Security.Claims;
using Carillon.Access;
using Carillon.Consumers.InMemory;
using Carillon.Engines;
using Carillon.Engines.Conformance;
using Carillon.Engines.InMemory;
using Carillon.Errors;
using Carillon.Hubs;
using Carillon.Publishing;
using Carillon.Topics;
using Shouldly;
using Xunit;

namespace Carillon.Tests.Hubs;

public sealed class FaultyAccessTests : IAsyncLifetime
{
    private static readonly TopicName Good = TopicName.Create("good");
    private static readonly TopicName Bad = TopicName.Create("bad");

    private readonly ManualTimeProvider _time = new();
    private readonly SwitchedAccess _access = new();
    private Hub _hub = null!;

    public async ValueTask InitializeAsync()
    {
        var options = new HubOptions
        {
            Monitors = _access,
            Topics =
            [
                new Topic { Name = Good, Subscribers = TopicAccess.Authenticated },
                new Topic { Name = Bad, Subscribers = _access, Publishers = _access },
            ],
        };
        _hub = new Hub(options, new InMemoryTopicEngine(new EngineOptions(), _time), new InMemoryConsumerStore(), _time);
        await _hub.StartAsync(CancellationToken.None);
    }

    public ValueTask DisposeAsync() => _hub.DisposeAsync();

    [Fact]
    public async Task Expiry_is_not_held_up_by_a_topic_whose_access_fails()
    {
        var format = new RecordingSubscriber.CountingFormat();
        var subscriber = new RecordingSubscriber(format);
        var requester = new Requester(new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.Name, "ada")], "test")), validUntil: _time.GetUtcNow() + TimeSpan.FromMinutes(1));
        (await _hub.OpenSession("s", requester).SubscribeAsync([Bad, Good], consumer: null, subscriber, CancellationToken.None)).ShouldBeNull();
        _access.Fails = true;

        _time.Advance(TimeSpan.FromMinutes(1));
        await _hub.DropExpiredAsync();

        subscriber.Frames.ShouldBe(["subscribed bad", "subscribed good", "ended bad internal_error", "ended good unauthorized"]);
    }

    [Fact]
    public async Task Access_that_fails_refuses_publishers_and_monitors()
    {
        _access.Fails = true;

        PublishResult result = await _hub.PublishAsync(new PublishRequest { Topic = Bad, Payload = "1"u8.ToArray() }, CancellationToken.None);

        result.Error.ShouldNotBeNull().Code.ShouldBe(ErrorCode.Internal);
        (await _hub.CheckMonitorAsync(Requester.Anonymous, CancellationToken.None)).ShouldNotBeNull().Code.ShouldBe(ErrorCode.Internal);
    }

    private sealed class SwitchedAccess : TopicAccess
    {
        public bool Fails { get; set; }

        public override ValueTask<Error?> CheckAsync(AccessRequest request, CancellationToken cancellationToken) =>
            Fails ? throw new InvalidOperationException("broken") : default;
    }
}
