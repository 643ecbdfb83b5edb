using System.Security.Claims;
using Carillon.Access;
using Carillon.Consumers;
using Carillon.Consumers.InMemory;
using Carillon.Engines;
using Carillon.Engines.InMemory;
using Carillon.Errors;
using Carillon.Hubs;
using Carillon.Sessions;
using Carillon.Topics;
using Shouldly;
using Xunit;

namespace Carillon.Tests.Hubs;

/// <summary>Who may say that a message was processed.</summary>
public sealed class ConsumedTests : IAsyncLifetime
{
    private static readonly TopicName Alpha = TopicName.Create("alpha");
    private static readonly TopicName Beta = TopicName.Create("beta");

    private readonly RecordingSubscriber.CountingFormat _format = new();
    private Hub _hub = null!;

    public async ValueTask InitializeAsync() => await OpenAsync(new HubOptions());

    public ValueTask DisposeAsync() => _hub.DisposeAsync();

    [Fact]
    public async Task Consumed_names_a_topic_of_the_hub_within_its_limit_or_is_refused()
    {
        await OpenAsync(new HubOptions { MaxTopics = 1 });
        (await ConsumedAsync(Alpha)).Error.ShouldBeNull();
        _hub.TopicNames.ShouldBe([Alpha]);
        (await ConsumedAsync(Beta)).Error.ShouldNotBeNull().Code.ShouldBe(ErrorCode.TooManyTopics);

        await OpenAsync(new HubOptions { UnknownTopics = UnknownTopics.Reject });
        (await ConsumedAsync(Alpha)).Error.ShouldNotBeNull().Code.ShouldBe(ErrorCode.TopicNotFound);
        (await _hub.Consumers.ListConsumersAsync(10, CancellationToken.None)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Consumed_is_only_recorded_for_who_may_read_the_topic()
    {
        var secret = new Topic { Name = Alpha, Subscribers = TopicAccess.Role("reader") };
        await OpenAsync(new HubOptions { UnknownTopics = UnknownTopics.Closed, Topics = [secret, new Topic { Name = Beta }] });
        Session nobody = _hub.OpenSession("nobody");
        Session reader = _hub.OpenSession("reader", Reader());

        (await nobody.ConsumedAsync(ConsumptionOf(Alpha), CancellationToken.None)).Error.ShouldNotBeNull().Code.ShouldBe(ErrorCode.Unauthorized);
        (await _hub.Consumers.ListConsumersAsync(10, CancellationToken.None)).ShouldBeEmpty();

        (await nobody.ConsumedAsync(ConsumptionOf(Beta), CancellationToken.None)).Error.ShouldBeNull();
        (await reader.ConsumedAsync(ConsumptionOf(Alpha), CancellationToken.None)).ShouldBe(new ConsumptionResult(null, Duplicate: false));
    }

    [Theory]
    [InlineData("alpha")]
    [InlineData("*")]
    public async Task Consumed_is_recorded_for_a_subscription_that_a_requests_own_token_allowed(string name)
    {
        await OpenAsync(new HubOptions { Topics = [new Topic { Name = Alpha, Subscribers = TopicAccess.Role("reader") }] });
        Session session = _hub.OpenSession("s");
        var request = new SubscribeRequest { Topics = [new WantedTopic(TopicName.Create(name))], Requester = Reader(), Subscriber = new RecordingSubscriber(_format) };
        (await session.SubscribeAsync(request, CancellationToken.None)).Error.ShouldBeNull();

        (await session.ConsumedAsync(ConsumptionOf(Alpha), CancellationToken.None)).Error.ShouldBeNull();

        await session.UnsubscribeAsync([TopicName.Create(name)], CancellationToken.None);
        (await session.ConsumedAsync(ConsumptionOf(Alpha), CancellationToken.None)).Error.ShouldNotBeNull().Code.ShouldBe(ErrorCode.Unauthorized);
    }

    private static Requester Reader() =>
        new(new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.Name, "ada"), new Claim(ClaimTypes.Role, "reader")], "test")));

    private static Consumption ConsumptionOf(TopicName topic) => new() { Consumer = "c", Topic = topic, MessageId = "m", Message = "1"u8.ToArray(), Timestamp = default };

    private ValueTask<ConsumptionResult> ConsumedAsync(TopicName topic) => _hub.ConsumedAsync(ConsumptionOf(topic), CancellationToken.None);

    private async Task OpenAsync(HubOptions options)
    {
        if (_hub is not null)
        {
            await _hub.DisposeAsync();
        }

        _hub = new Hub(options, new InMemoryTopicEngine(new EngineOptions(), TimeProvider.System), new InMemoryConsumerStore(), TimeProvider.System);
        await _hub.StartAsync(CancellationToken.None);
    }
}
