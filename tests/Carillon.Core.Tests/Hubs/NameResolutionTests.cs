using Carillon.Access;
using Carillon.Consumers;
using Carillon.Consumers.InMemory;
using Carillon.Engines;
using Carillon.Engines.InMemory;
using Carillon.Errors;
using Carillon.Hubs;
using Carillon.Publishing;
using Carillon.Sessions;
using Carillon.Topics;
using Carillon.Topics.Filters;
using Shouldly;
using Xunit;

namespace Carillon.Tests.Hubs;

/// <summary>What a name means to a subscriber, and that finding it out costs little, whatever the name is.</summary>
public sealed class NameResolutionTests : IAsyncLifetime
{
    private static readonly TopicName Dotted = TopicName.Create(string.Join('.', Enumerable.Repeat("a", 128)));

    private Hub? _hub;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _hub?.DisposeAsync() ?? ValueTask.CompletedTask;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Resolve_of_a_name_with_many_dots_makes_no_text_of_each_of_them(bool hasFilters)
    {
        Topic filtered = Topic.Echo("other") with { Filters = hasFilters ? [TopicFilter.PublisherIdentity] : [] };
        Hub hub = await OpenAsync(filtered);
        (await ResolveAsync(hub, Dotted)).Error!.Code.ShouldBe(ErrorCode.TopicNotFound);

        long before = GC.GetAllocatedBytesForCurrentThread();
        await ResolveAsync(hub, Dotted); // Nothing is to be waited for, so that the thread stays.
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(8_000);
    }

    [Fact]
    public async Task Resolve_takes_the_longest_topic_with_filters_as_long_as_it_has_them()
    {
        Topic inner = Topic.Echo("a.b") with { Filters = [TopicFilter.PublisherIdentity] };
        Hub hub = await OpenAsync(Topic.Echo("a") with { Filters = [TopicFilter.PublisherIdentity] }, inner, Topic.Echo("a.b.c"));
        (await PlaceAsync(hub, "a.b.c.d")).ShouldBe("a.b c d");
        (await PlaceAsync(hub, "a.b.c")).ShouldBe("a.b.c ");
        (await PlaceAsync(hub, "a.x")).ShouldBe("a x");

        await hub.AddTopicAsync(inner with { Filters = [] }, CancellationToken.None);
        (await PlaceAsync(hub, "a.b.d")).ShouldBe("a b d");
        await hub.RemoveTopicAsync(TopicName.Create("a"));
        (await ResolveAsync(hub, TopicName.Create("a.b.d"))).Error!.Code.ShouldBe(ErrorCode.TopicNotFound);
    }

    [Fact]
    public async Task Name_below_a_topic_with_filters_is_nobodys_to_bring_into_being()
    {
        Hub hub = await OpenAsync(UnknownTopics.Create, Topic.Echo("other"));
        (await PublishAsync(hub, "orders.zed")).ShouldBeNull(); // There is no topic with filters yet.
        var orders = new Topic { Name = TopicName.Create("orders"), Publishers = TopicAccess.Authenticated, Filters = [TopicFilter.PublisherIdentity] };
        await hub.AddTopicAsync(orders, CancellationToken.None);

        foreach (string name in new[] { "orders.zed", "orders.ann" })
        {
            (await PublishAsync(hub, name))!.Message.ShouldContain("'orders' itself");
            var consumption = new Consumption { Consumer = "c", Topic = TopicName.Create(name), MessageId = "m", Message = "{}"u8.ToArray(), Timestamp = hub.StartedAt };
            (await hub.ConsumedAsync(consumption, CancellationToken.None)).Error!.Message.ShouldContain("'orders' itself");
            (await PlaceAsync(hub, name)).ShouldBe($"orders {name[7..]}");
        }

        await hub.AddTopicAsync(Topic.Echo("orders.ann"), CancellationToken.None); // The application may.
        (await PublishAsync(hub, "orders.ann")).ShouldBeNull();
        (await PlaceAsync(hub, "orders.ann")).ShouldBe("orders.ann ");
    }

    private static async Task<Error?> PublishAsync(Hub hub, string topic) =>
        (await hub.PublishAsync(new PublishRequest { Topic = TopicName.Create(topic), Payload = "1"u8.ToArray() }, CancellationToken.None)).Error;

    private static async Task<string> PlaceAsync(Hub hub, string name)
    {
        Placement place = await ResolveAsync(hub, TopicName.Create(name));
        return $"{place.Topic!.Name} {string.Join(' ', place.Words)}";
    }

    private static ValueTask<Placement> ResolveAsync(Hub hub, TopicName name) => hub.ResolveAsync(name, CancellationToken.None);

    private Task<Hub> OpenAsync(params Topic[] topics) => OpenAsync(UnknownTopics.Closed, topics);

    private async Task<Hub> OpenAsync(UnknownTopics unknownTopics, params Topic[] topics)
    {
        var options = new HubOptions { Topics = topics, UnknownTopics = unknownTopics };
        _hub = new Hub(options, new InMemoryTopicEngine(new EngineOptions(), TimeProvider.System), new InMemoryConsumerStore(), TimeProvider.System);
        await _hub.StartAsync(CancellationToken.None);
        return _hub;
    }
}
