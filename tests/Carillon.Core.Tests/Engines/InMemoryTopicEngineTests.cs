using Carillon.Engines;
using Carillon.Engines.Conformance;
using Carillon.Engines.InMemory;
using Carillon.Hubs;
using Carillon.Publishing;
using Carillon.Topics;
using Shouldly;
using Xunit;

namespace Carillon.Tests.Engines;

public sealed class InMemoryTopicEngineTests : TopicEngineConformance
{
    [Fact]
    public async Task An_id_that_the_engine_made_takes_no_memory_beyond_its_message()
    {
        await StartAsync(new EngineOptions { Retention = new Retention { MaxCount = 1 } });
        PublishResult first = await AcceptAsync(Alpha);
        PublishResult second = await AcceptAsync(Alpha);
        (await AcceptAsync(Alpha, second.MessageId)).Duplicate.ShouldBeTrue();
        (await AcceptAsync(Alpha, first.MessageId)).Duplicate.ShouldBeFalse();
    }

    [Fact]
    public async Task An_id_that_the_engine_made_is_new_after_the_window()
    {
        await StartAsync();
        PublishResult first = await AcceptAsync(Alpha);
        Time.Advance(TimeSpan.FromMinutes(10));
        (await AcceptAsync(Alpha, first.MessageId)).Duplicate.ShouldBeTrue();
        Time.Advance(TimeSpan.FromMilliseconds(1));
        (await AcceptAsync(Alpha, first.MessageId)).Duplicate.ShouldBeFalse();
    }

    [Fact]
    public async Task Producers_are_kept_up_to_a_bound_the_newest_of_them()
    {
        await StartAsync(new EngineOptions { Retention = new Retention { MaxCount = 1 } });
        for (int i = 0; i <= RecentProducers.Most; i++)
        {
            await AcceptAsync(Alpha, producer: $"p{i}");
        }

        IReadOnlyList<ProducerLink> links = await Engine.ListProducersAsync(int.MaxValue, CancellationToken.None);
        links.Count.ShouldBe(RecentProducers.Most);
        links.ShouldNotContain(new ProducerLink("p0", Alpha));
        links.ShouldContain(new ProducerLink($"p{RecentProducers.Most}", Alpha));
    }

    [Fact]
    public async Task A_hub_in_memory_keeps_no_more_of_a_topic_than_memory_bears_unless_it_is_told_to()
    {
        var own = new Dictionary<TopicName, Retention> { [Beta] = Retention.Everything };
        await using ITopicEngine engine = new InMemoryHubStorage(Time).Open("hub", new EngineOptions { TopicRetention = own }).Engine;
        await engine.StartAsync(Sink, CancellationToken.None);
        var payload = new byte[24 * 1024 * 1024];
        foreach (TopicName topic in new[] { Alpha, Beta })
        {
            for (int i = 0; i < 3; i++)
            {
                await engine.PublishAsync(new PublishRequest { Topic = topic, Payload = payload }, CancellationToken.None);
            }
        }

        (await engine.DescribeAsync(Alpha, CancellationToken.None))!.FirstOffset.ShouldBe(2);
        (await engine.DescribeAsync(Beta, CancellationToken.None))!.FirstOffset.ShouldBe(1);
    }

    protected override ITopicEngine CreateEngine(EngineOptions options, TimeProvider time) => new InMemoryTopicEngine(options, time);
}
