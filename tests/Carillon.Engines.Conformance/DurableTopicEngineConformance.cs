using Carillon.Messages;
using Carillon.Publishing;
using Carillon.Topics;
using Shouldly;
using Xunit;

namespace Carillon.Engines.Conformance;

/// <summary>What an engine that keeps its messages beyond its own life must do in addition: every test closes it and opens the backend again.</summary>
public abstract class DurableTopicEngineConformance : TopicEngineConformance
{
    private async Task<IReadOnlyList<StoredTopic>> RestartAsync(EngineOptions? options = null)
    {
        await ReleaseAsync(Engine);
        return await StartAsync(options);
    }

    [Fact]
    public async Task Restart_keeps_messages_topics_and_epochs_and_offsets_go_on()
    {
        await StartAsync();
        await AcceptAsync(Alpha, "a1", "{\"n\":1e400}", "ann");
        PublishResult before = await AcceptAsync(Alpha, "a2");
        await AcceptAsync(Beta, "b1");
        await Engine.CreateAsync(new StoredTopic(TopicName.Create("empty")), CancellationToken.None);
        IReadOnlyList<Message> history = await HistoryAsync(Alpha);

        IReadOnlyList<StoredTopic> topics = await RestartAsync();
        topics.Select(static topic => topic.Name).ShouldBe([Alpha, Beta, TopicName.Create("empty")], ignoreOrder: true);
        Engine.Status.Ready.ShouldBeTrue();
        IReadOnlyList<Message> reread = await HistoryAsync(Alpha);
        reread.Select(Facts).ShouldBe(history.Select(Facts));
        PublishResult after = await AcceptAsync(Alpha, "a3");
        after.Offset.ShouldBe(3);
        after.Epoch.ShouldBe(before.Epoch);
        await Sink.ReachesAsync(1);
        Sink.Messages.ShouldHaveSingleItem().MessageId.ShouldBe("a3");

        static (long Offset, string Id, string? Producer, UnixTime Time, string Text) Facts(Message message) =>
            (message.Offset, message.MessageId, message.Producer, message.Timestamp, Text(message));
    }

    [Fact]
    public async Task Restart_keeps_restrictions_until_another_one_is_named()
    {
        await StartAsync();
        await CreateAsync(Alpha, TopicRestriction.Subscribe);
        await CreateAsync(Beta, TopicRestriction.Publish);
        await AcceptAsync(TopicName.Create("open"), "m");

        (await RestrictionsAsync()).ShouldBe([(Alpha, TopicRestriction.Subscribe), (Beta, TopicRestriction.Publish), (TopicName.Create("open"), TopicRestriction.None)], ignoreOrder: true);
        await CreateAsync(Alpha, null);
        await AcceptAsync(Alpha, "m");
        await CreateAsync(Beta, TopicRestriction.None);

        (await RestrictionsAsync()).ShouldBe([(Alpha, TopicRestriction.Subscribe), (Beta, TopicRestriction.None), (TopicName.Create("open"), TopicRestriction.None)], ignoreOrder: true);

        async Task CreateAsync(TopicName topic, TopicRestriction? restriction) =>
            (await Engine.CreateAsync(new StoredTopic(topic) { Restriction = restriction }, CancellationToken.None)).ShouldBeNull();

        async Task<IEnumerable<(TopicName, TopicRestriction?)>> RestrictionsAsync() => (await RestartAsync()).Select(static topic => (topic.Name, topic.Restriction));
    }

    [Fact]
    public async Task Restart_keeps_ids_known_until_the_end_of_the_window()
    {
        await StartAsync();
        PublishResult first = await AcceptAsync(Alpha, "m");
        Time.Advance(TimeSpan.FromMinutes(9));
        await RestartAsync();
        PublishResult again = await AcceptAsync(Alpha, "m");
        (again.Duplicate, again.Offset, again.Timestamp, again.Epoch).ShouldBe((true, first.Offset, first.Timestamp, first.Epoch));
        Time.Advance(TimeSpan.FromMinutes(2));
        await RestartAsync();
        PublishResult later = await AcceptAsync(Alpha, "m");
        (later.Duplicate, later.Offset).ShouldBe((false, 2));
    }

    [Fact]
    public async Task Restart_after_retention_deleted_every_message_goes_on_with_the_offsets()
    {
        var options = new EngineOptions { Retention = new Retention { MaxAge = TimeSpan.FromMinutes(30) } };
        await StartAsync(options);
        for (int i = 0; i < 5; i++)
        {
            await AcceptAsync(Alpha);
        }

        Time.Advance(TimeSpan.FromHours(1));
        await HistoryBecomesAsync(Alpha, 0);
        (await RestartAsync(options)).Select(static topic => topic.Name).ShouldBe([Alpha]);
        (await AcceptAsync(Alpha)).Offset.ShouldBe(6);
    }

    [Fact]
    public async Task Restart_keeps_the_ids_of_deleted_messages_known()
    {
        var options = new EngineOptions { Retention = new Retention { MaxCount = 1 } };
        await StartAsync(options);
        await AcceptAsync(Alpha, "gone");
        await AcceptAsync(Alpha, "kept");
        await HistoryBecomesAsync(Alpha, 1);
        await RestartAsync(options);
        PublishResult again = await AcceptAsync(Alpha, "gone");
        (again.Duplicate, again.Offset).ShouldBe((true, 1));
    }

    [Fact]
    public async Task Restart_with_a_smaller_retention_trims_what_is_there()
    {
        await StartAsync();
        for (int i = 0; i < 40; i++)
        {
            await AcceptAsync(Alpha, null, "\"12345678\"");
            await AcceptAsync(Beta, null, "\"12345678\"");
        }

        var own = new Dictionary<TopicName, Retention> { [Alpha] = new() { MaxCount = 7 }, [Beta] = new() { MaxBytes = 95 } };
        await RestartAsync(new EngineOptions { TopicRetention = own });
        await HistoryBecomesAsync(Alpha, 7);
        await HistoryBecomesAsync(Beta, 9);
    }

    [Fact]
    public async Task Restart_while_the_wall_clock_goes_back_keeps_timestamps_in_order()
    {
        await StartAsync();
        PublishResult before = await AcceptAsync(Alpha);
        Time.StepWallClock(TimeSpan.FromHours(-3));
        await RestartAsync();
        (await AcceptAsync(Alpha)).Timestamp.ShouldBeGreaterThanOrEqualTo(before.Timestamp);
    }

    [Fact]
    public async Task Restart_keeps_producers()
    {
        await StartAsync();
        await AcceptAsync(Alpha, null, "1", "ann");
        await RestartAsync();
        await AcceptAsync(Alpha, null, "1", "ann");
        await AcceptAsync(Alpha, null, "1", "bob");
        (await Engine.ListProducersAsync(100, CancellationToken.None))
            .ShouldBe([new("ann", Alpha), new("bob", Alpha)], ignoreOrder: true);
    }
}
