using System.Collections.Concurrent;
using Carillon.Access;
using Carillon.Consumers.InMemory;
using Carillon.Engines;
using Carillon.Engines.InMemory;
using Carillon.Errors;
using Carillon.Hubs;
using Carillon.Messages;
using Carillon.Publishing;
using Carillon.Server.Composing;
using Carillon.Server.Reloading;
using Carillon.Server.Settings;
using Carillon.Topics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace Carillon.Server.Tests;

public sealed class LiveSettingsTests
{
    private static readonly TopicName Orders = TopicName.Create("orders");
    private static readonly TopicName Alerts = TopicName.Create("alerts");

    [Fact]
    public async Task Changed_topic_whose_retention_cannot_be_set_is_guarded_at_once_and_comes_with_the_next_attempt()
    {
        await using var engine = new FaultyEngine();
        (Hub hub, LiveSettings live) = await StartAsync(engine, ("Topics:0:Name", "orders"));
        await using Hub _ = hub;
        ServerPlan next = PlanOf(("Topics:0:Name", "orders"), ("Topics:0:Subscribers", "Authenticated"), ("Topics:0:Retention:MaxCount", "5"));
        engine.Refused = Orders;

        Reload first = await live.ApplyAsync(next, CancellationToken.None);

        first.IsInForce.ShouldBeTrue();
        first.Problems.ShouldHaveSingleItem().ShouldContain("orders");
        hub.FindTopic(Orders)!.Subscribers.ShouldNotBeSameAs(TopicAccess.Anyone);
        engine.Refused = null;
        (await live.ApplyAsync(next, CancellationToken.None)).Problems.ShouldBeEmpty();
        engine.Retentions[Orders].ShouldNotBeNull().MaxCount.ShouldBe(5);
    }

    [Fact]
    public async Task Added_topic_that_could_not_be_created_comes_with_the_next_attempt()
    {
        await using var engine = new FaultyEngine();
        (Hub hub, LiveSettings live) = await StartAsync(engine, ("Topics:0:Name", "orders"));
        await using Hub _ = hub;
        ServerPlan next = PlanOf(("Topics:0:Name", "orders"), ("Topics:1:Name", "alerts"));
        engine.RefusesAfter = 1; // Not when it is prepared, but when it is put in force.

        (await live.ApplyAsync(next, CancellationToken.None)).Problems.ShouldHaveSingleItem().ShouldContain("alerts");
        hub.FindTopic(Alerts).ShouldBeNull();
        engine.RefusesAfter = null;

        (await live.ApplyAsync(next, CancellationToken.None)).Problems.ShouldBeEmpty();
        hub.FindTopic(Alerts).ShouldNotBeNull();
    }

    [Fact]
    public async Task Refused_settings_leave_the_retention_of_a_topic_that_is_kept_already()
    {
        await using var engine = new FaultyEngine();
        (Hub hub, LiveSettings live) = await StartAsync(engine, ("Topics:0:Name", "orders"));
        await using Hub _ = hub;
        await engine.CreateAsync(new StoredTopic(Alerts) { Retention = new Retention { MaxCount = 1 } }, CancellationToken.None);
        ServerPlan next = PlanOf(("Topics:0:Name", "orders"), ("Topics:1:Name", "alerts"), ("Topics:2:Name", "bells"));
        engine.Refused = TopicName.Create("bells");

        Reload reload = await live.ApplyAsync(next, CancellationToken.None);

        reload.IsInForce.ShouldBeFalse();
        engine.Retentions[Alerts].ShouldNotBeNull().MaxCount.ShouldBe(1);
    }

    [Fact]
    public async Task Changed_topic_that_lets_in_the_same_keeps_its_policy()
    {
        await using var engine = new FaultyEngine();
        (Hub hub, LiveSettings live) = await StartAsync(engine, ("Topics:0:Name", "orders"), ("Topics:0:Subscribers:Roles:0", "clerk"));
        await using Hub _ = hub;
        TopicAccess before = hub.FindTopic(Orders)!.Subscribers;

        await live.ApplyAsync(PlanOf(("Topics:0:Name", "orders"), ("Topics:0:Subscribers:Roles:0", "clerk"), ("Topics:0:MaxPayloadBytes", "100")), CancellationToken.None);

        hub.FindTopic(Orders)!.MaxPayloadBytes.ShouldBe(100);
        hub.FindTopic(Orders)!.Subscribers.ShouldBeSameAs(before);
        await live.ApplyAsync(PlanOf(("Topics:0:Name", "orders"), ("Topics:0:Subscribers:Roles:0", "boss")), CancellationToken.None);
        hub.FindTopic(Orders)!.Subscribers.ShouldNotBeSameAs(before);
    }

    private static async Task<(Hub Hub, LiveSettings Live)> StartAsync(FaultyEngine engine, params (string Key, string Value)[] settings)
    {
        ServerPlan plan = PlanOf(settings);
        var hub = new Hub(new HubOptions { Topics = [.. plan.Hubs[0].Topics.Select(static composed => composed.Topic)] }, engine, new InMemoryConsumerStore(), TimeProvider.System);
        await hub.StartAsync(CancellationToken.None);
        return (hub, new LiveSettings(plan, _ => hub, tokens: null, NullLogger<LiveSettings>.Instance));
    }

    private static ServerPlan PlanOf(params (string Key, string Value)[] settings)
    {
        IConfigurationRoot configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(static setting => KeyValuePair.Create($"Carillon:{setting.Key}", (string?)setting.Value)))
            .Build();
        (ServerSettings? read, IReadOnlyList<string> problems) = SettingsReader.Read(configuration);
        problems.ShouldBeEmpty();
        return ServerPlan.Create(read!).Plan!;
    }

    /// <summary>Refuses to create a topic, as a database that is being reopened does, and remembers the retentions that it was told.</summary>
    private sealed class FaultyEngine : ITopicEngine
    {
        private readonly InMemoryTopicEngine _engine = new(new EngineOptions(), TimeProvider.System);

        public TopicName? Refused { get; set; }

        public int? RefusesAfter { get; set; }

        public ConcurrentDictionary<TopicName, Retention?> Retentions { get; } = new();

        public EngineStatus Status => _engine.Status;

        public ValueTask<IReadOnlyList<StoredTopic>> StartAsync(IMessageSink sink, CancellationToken cancellationToken) => _engine.StartAsync(sink, cancellationToken);

        public ValueTask<Error?> CreateAsync(StoredTopic topic, CancellationToken cancellationToken)
        {
            if (topic.Name == Refused || RefusesAfter-- <= 0)
            {
                return new ValueTask<Error?>(new Error(ErrorCode.Unavailable, "restarting"));
            }

            Retentions[topic.Name] = topic.Retention;
            return _engine.CreateAsync(topic, cancellationToken);
        }

        public ValueTask<PublishResult> PublishAsync(PublishRequest request, CancellationToken cancellationToken) => _engine.PublishAsync(request, cancellationToken);

        public ValueTask<Page<Message>> QueryAsync(MessageQuery query, CancellationToken cancellationToken) => _engine.QueryAsync(query, cancellationToken);

        public ValueTask<TopicHistory?> DescribeAsync(TopicName topic, CancellationToken cancellationToken) => _engine.DescribeAsync(topic, cancellationToken);

        public ValueTask<IReadOnlyList<ProducerLink>> ListProducersAsync(int limit, CancellationToken cancellationToken) => _engine.ListProducersAsync(limit, cancellationToken);

        public ValueTask DisposeAsync() => _engine.DisposeAsync();
    }
}
