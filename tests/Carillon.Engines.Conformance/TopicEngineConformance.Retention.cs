using Carillon.Messages;
using Carillon.Topics;
using Shouldly;
using Xunit;

namespace Carillon.Engines.Conformance;

public abstract partial class TopicEngineConformance
{
    [Fact]
    public async Task Retention_by_count_keeps_the_newest_and_offsets_go_on()
    {
        await StartAsync(new EngineOptions { Retention = new Retention { MaxCount = 10 } });
        for (int i = 0; i < 35; i++)
        {
            await AcceptAsync(Alpha, $"m{i}");
        }

        await HistoryBecomesAsync(Alpha, 10);
        (await HistoryAsync(Alpha)).Select(message => message.Offset).ShouldBe(Gapless(35).Skip(25));
        (await AcceptAsync(Alpha)).Offset.ShouldBe(36);
    }

    [Fact]
    public async Task Retention_by_bytes_keeps_the_newest_that_fit()
    {
        await StartAsync(new EngineOptions { Retention = new Retention { MaxBytes = 1000 } });
        string payload = $"\"{new string('x', 98)}\"";
        for (int i = 0; i < 25; i++)
        {
            await AcceptAsync(Alpha, null, payload);
        }

        await HistoryBecomesAsync(Alpha, 10);
        (await HistoryAsync(Alpha)).Select(message => message.Offset).ShouldBe(Gapless(25).Skip(15));

        await AcceptAsync(Alpha, null, $"\"{new string('y', 448)}\"");
        await HistoryBecomesAsync(Alpha, 6);
        (await HistoryAsync(Alpha))[^1].Offset.ShouldBe(26);
    }

    [Fact]
    public async Task Retention_by_age_deletes_the_old_and_offsets_go_on()
    {
        await StartAsync(new EngineOptions { Retention = new Retention { MaxAge = TimeSpan.FromHours(1) } });
        await AcceptAsync(Alpha);
        await AcceptAsync(Alpha);
        Time.Advance(TimeSpan.FromMinutes(40));
        await AcceptAsync(Alpha);
        Time.Advance(TimeSpan.FromMinutes(30));
        await HistoryBecomesAsync(Alpha, 1);
        (await HistoryAsync(Alpha))[0].Offset.ShouldBe(3);

        Time.Advance(TimeSpan.FromHours(1));
        await HistoryBecomesAsync(Alpha, 0);
        (await AcceptAsync(Alpha)).Offset.ShouldBe(4);
    }

    [Fact]
    public async Task Retention_of_a_topic_takes_the_place_of_the_general_one()
    {
        var own = new Dictionary<TopicName, Retention> { [Beta] = new() { MaxCount = 5 } };
        await StartAsync(new EngineOptions { Retention = new Retention { MaxCount = 2 }, TopicRetention = own });
        for (int i = 0; i < 8; i++)
        {
            await AcceptAsync(Alpha);
            await AcceptAsync(Beta);
        }

        await HistoryBecomesAsync(Alpha, 2);
        await HistoryBecomesAsync(Beta, 5);
    }

    [Fact]
    public async Task Retention_that_keeps_everything_deletes_nothing()
    {
        var own = new Dictionary<TopicName, Retention> { [Beta] = new() { MaxCount = 1 } };
        await StartAsync(new EngineOptions { TopicRetention = own });
        for (int i = 0; i < 20; i++)
        {
            await AcceptAsync(Alpha);
            await AcceptAsync(Beta);
        }

        Time.Advance(TimeSpan.FromDays(1000));
        await HistoryBecomesAsync(Beta, 1);
        (await HistoryAsync(Alpha)).Select(message => message.Offset).ShouldBe(Gapless(20));
    }

    [Fact]
    public async Task Retention_given_while_running_holds_at_once_until_it_is_taken_away()
    {
        await StartAsync();
        await AcceptManyAsync(Alpha, 20);

        await SetRetentionAsync(Alpha, new Retention { MaxCount = 5 });
        await HistoryBecomesAsync(Alpha, 5);
        await AcceptManyAsync(Alpha, 20);
        await HistoryBecomesAsync(Alpha, 5);
        (await HistoryAsync(Alpha)).Select(message => message.Offset).ShouldBe(Gapless(40).Skip(35));

        await SetRetentionAsync(Alpha, null);
        await SetRetentionAsync(Beta, new Retention { MaxCount = 1 });
        await AcceptManyAsync(Alpha, 20);
        await AcceptManyAsync(Beta, 20);
        await HistoryBecomesAsync(Beta, 1); // By then Alpha would have been cut as well.
        (await HistoryAsync(Alpha)).Select(message => message.Offset).ShouldBe(Gapless(60).Skip(35));
    }

    [Fact]
    public async Task Retention_taken_away_is_the_general_one_and_not_what_the_options_said_of_the_topic()
    {
        var own = new Dictionary<TopicName, Retention> { [Alpha] = new() { MaxCount = 3 } };
        await StartAsync(new EngineOptions { Retention = new Retention { MaxCount = 10 }, TopicRetention = own });
        await SetRetentionAsync(Alpha, null);
        await AcceptManyAsync(Alpha, 20);
        await HistoryBecomesAsync(Alpha, 3);

        await SetRetentionAsync(Alpha, new Retention { MaxCount = 2 });
        await HistoryBecomesAsync(Alpha, 2);

        await SetRetentionAsync(Alpha, null);
        await AcceptManyAsync(Alpha, 20);
        await HistoryBecomesAsync(Alpha, 10);
    }

    [Fact]
    public async Task Retention_while_publishing_leaves_a_gapless_tail()
    {
        const int Publishers = 8, Each = 500, Kept = 100;
        await StartAsync(new EngineOptions { Retention = new Retention { MaxCount = Kept } });
        Task publishing = Task.WhenAll(Enumerable.Range(0, Publishers).Select(publisher => Task.Run(async () =>
        {
            for (int i = 0; i < Each; i++)
            {
                await AcceptAsync(Alpha, $"{publisher}-{i}");
            }
        })));
        while (!publishing.IsCompleted)
        {
            Time.Advance(TimeSpan.FromSeconds(1));
            Page<Message> page = await QueryAsync(new MessageQuery { Topic = Alpha, Limit = Kept });
            ShouldBeConsecutive([.. page.Items.Select(message => -message.Offset)]);
        }

        await publishing;
        await HistoryBecomesAsync(Alpha, Kept);
        IReadOnlyList<Message> history = await HistoryAsync(Alpha);
        history.Select(message => message.Offset).ShouldBe(Gapless(Publishers * Each).TakeLast(Kept));
        await Sink.ReachesAsync(Publishers * Each);
        Sink.Of(Alpha).Select(message => message.Offset).ShouldBe(Gapless(Publishers * Each));
    }

    private async Task SetRetentionAsync(TopicName topic, Retention? retention) =>
        (await Engine.CreateAsync(new StoredTopic(topic) { Retention = retention }, CancellationToken.None)).ShouldBeNull();

    private async Task AcceptManyAsync(TopicName topic, int count)
    {
        for (int i = 0; i < count; i++)
        {
            await AcceptAsync(topic);
        }
    }

    private static void ShouldBeConsecutive(IReadOnlyList<long> offsets)
    {
        for (int i = 1; i < offsets.Count; i++)
        {
            offsets[i].ShouldBe(offsets[i - 1] + 1);
        }
    }
}
