using Carillon.Messages;
using Carillon.Topics;
using Shouldly;
using Xunit;

namespace Carillon.Engines.Conformance;

public abstract partial class TopicEngineConformance
{
    private static readonly string?[] Producers = ["ann", "bob", null];

    [Fact]
    public async Task Query_of_nothing_in_particular_lists_the_newest_hundred_first()
    {
        await StartAsync();
        for (int i = 0; i < 150; i++)
        {
            await AcceptAsync(i % 2 == 0 ? Alpha : Beta, $"m{i}");
        }

        Page<Message> page = await QueryAsync(new MessageQuery());
        page.Items.Select(message => message.MessageId).ShouldBe(Enumerable.Range(50, 100).Reverse().Select(i => $"m{i}"));
        page.Next.ShouldNotBeNull();
        Page<Message> rest = await QueryAsync(new MessageQuery { Cursor = page.Next });
        rest.Items.Select(message => message.MessageId).ShouldBe(Enumerable.Range(0, 50).Reverse().Select(i => $"m{i}"));
        rest.Next.ShouldBeNull();
    }

    [Fact]
    public async Task Query_of_a_topic_that_does_not_exist_is_empty()
    {
        await StartAsync();
        await AcceptAsync(Alpha);
        Page<Message> page = await QueryAsync(new MessageQuery { Topic = Beta });
        page.Items.ShouldBeEmpty();
        page.Next.ShouldBeNull();
        (await QueryAsync(new MessageQuery { Topic = Alpha, AfterOffset = 1 })).Items.ShouldBeEmpty();
        (await QueryAsync(new MessageQuery { Topic = Alpha, AfterOffset = long.MaxValue, Ascending = true })).Items.ShouldBeEmpty();
    }

    [Fact]
    public async Task Query_that_ends_exactly_at_the_limit_has_no_next_page()
    {
        await StartAsync();
        for (int i = 0; i < 10; i++)
        {
            await AcceptAsync(Alpha);
        }

        foreach (MessageQuery query in new MessageQuery[] { new(), new() { Topic = Alpha }, new() { Topic = Alpha, Ascending = true } })
        {
            (await QueryAsync(query with { Limit = 10 })).Next.ShouldBeNull();
            Page<Message> page = await QueryAsync(query with { Limit = 9 });
            page.Next.ShouldNotBeNull();
            Page<Message> rest = await QueryAsync(query with { Limit = 9, Cursor = page.Next });
            rest.Items.ShouldHaveSingleItem();
            rest.Next.ShouldBeNull();
        }
    }

    [Fact]
    public async Task Query_upward_from_any_offset_walks_the_topic()
    {
        await StartAsync();
        for (int i = 0; i < 50; i++)
        {
            await AcceptAsync(Alpha);
            await AcceptAsync(Beta);
        }

        foreach (int after in new[] { 0, 1, 25, 49, 50 })
        {
            IReadOnlyList<Message> rows = await WalkAsync(new MessageQuery { Topic = Alpha, AfterOffset = after, Ascending = true, Limit = 7 });
            rows.ShouldAllBe(message => message.Topic == Alpha);
            rows.Select(message => message.Offset).ShouldBe(Gapless(50).Skip(after));
        }
    }

    [Fact]
    public async Task Query_with_any_combination_of_filters_finds_the_same_rows_as_a_filtered_list()
    {
        await StartAsync();
        IReadOnlyList<Message> all = await PublishSamplesAsync(200);
        var failures = new List<string>();
        foreach (MessageQuery query in Combinations(all))
        {
            IReadOnlyList<Message> found = await WalkAsync(query);
            IEnumerable<Message> expected = all.Where(message => Matches(query, message));
            expected = query.Ascending ? expected : expected.Reverse();
            if (!found.Select(Key).SequenceEqual(expected.Select(Key)))
            {
                failures.Add($"{query}: {string.Join(' ', found.Select(Key))}");
            }
        }

        failures.ShouldBeEmpty();

        static (TopicName Topic, long Offset) Key(Message message) => (message.Topic, message.Offset);
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public async Task Query_pages_stay_stable_while_publishing_goes_on(bool ascending, bool ofOneTopic)
    {
        await StartAsync();
        for (int i = 0; i < 300; i++)
        {
            await AcceptAsync(Alpha, $"m{i}");
        }

        using var stop = new CancellationTokenSource();
        Task publishing = Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                await AcceptAsync(Alpha);
            }
        });

        var query = new MessageQuery { Topic = ofOneTopic ? Alpha : null, Ascending = ascending, Limit = 20 };
        var offsets = new List<long>();
        long? cursor = null;
        do
        {
            Page<Message> page = await QueryAsync(query with { Cursor = cursor });
            offsets.AddRange(page.Items.Select(message => message.Offset));
            cursor = page.Next;
        }
        while (cursor is not null && offsets.Count < 1000);
        await stop.CancelAsync();
        await publishing;

        offsets.Count.ShouldBeGreaterThanOrEqualTo(300);
        ShouldBeConsecutive([.. offsets.Select(offset => ascending ? offset : -offset)]);
        offsets[ascending ? 0 : ^1].ShouldBe(1);
    }

    [Fact]
    public async Task Producers_are_listed_once_per_topic()
    {
        await StartAsync();
        await AcceptAsync(Alpha, null, "1", "ann");
        await AcceptAsync(Alpha, null, "1", "ann");
        await AcceptAsync(Beta, null, "1", "ann");
        await AcceptAsync(Beta, null, "1", "bob");
        await AcceptAsync(Beta);
        IReadOnlyList<ProducerLink> links = await Engine.ListProducersAsync(100, CancellationToken.None);
        links.ShouldBe([new("ann", Alpha), new("ann", Beta), new("bob", Beta)], ignoreOrder: true);
        (await Engine.ListProducersAsync(2, CancellationToken.None)).Count.ShouldBe(2);
    }

    private static bool Matches(MessageQuery query, Message message) =>
        (query.Topic is null || message.Topic == query.Topic)
        && (query.Producer is null || message.Producer == query.Producer)
        && (query.MessageId is null || message.MessageId == query.MessageId)
        && (query.From is null || message.Timestamp >= query.From)
        && (query.To is null || message.Timestamp < query.To)
        && (query.AfterOffset is null || message.Offset > query.AfterOffset);

    private static IEnumerable<MessageQuery> Combinations(IReadOnlyList<Message> all)
    {
        UnixTime early = all[all.Count / 4].Timestamp;
        UnixTime late = all[all.Count * 3 / 4].Timestamp;
        return from topic in new TopicName?[] { null, Alpha, Beta }
               from producer in new[] { null, "ann", "nobody" }
               from id in new[] { null, "m7", "none" }
               from lower in new UnixTime?[] { null, early, new UnixTime(long.MaxValue / 2) }
               from upper in new UnixTime?[] { null, late, new UnixTime(0) }
               from after in topic is null ? new long?[] { null } : [null, 0, 20]
               from upward in new[] { false, true }
               select new MessageQuery
               {
                   Topic = topic, Producer = producer, MessageId = id, From = lower, To = upper, AfterOffset = after, Ascending = upward,
                   Limit = 17,
               };
    }

    /// <summary>Three topics, three producers, ids that return on several topics, several messages per millisecond and pauses between.</summary>
    private async Task<IReadOnlyList<Message>> PublishSamplesAsync(int count)
    {
        TopicName[] topics = [Alpha, Beta, TopicName.Create("gamma")];
        for (int i = 0; i < count; i++)
        {
            if (i % 3 == 0)
            {
                Time.Advance(TimeSpan.FromMilliseconds(i % 2 == 0 ? 1 : 1250));
            }

            await AcceptAsync(topics[i * 7 % 11 % 3], $"m{i / 3}", $"{i}", Producers[i * 5 % 7 % 3]);
        }

        // A message id that came twice on one topic was a duplicate, so the list is what the sink saw.
        await AcceptAsync(topics[2], "end");
        await Eventually.HoldsAsync(() => Sink.Messages is [.., { MessageId: "end" }], "the last sample at the sink");
        return Sink.Messages;
    }

    [Fact]
    public async Task Describe_tells_epoch_and_which_offsets_are_kept()
    {
        await StartAsync(new EngineOptions { Retention = new Retention { MaxCount = 10 } });
        (await DescribeAsync(Alpha)).ShouldBeNull();

        await Engine.CreateAsync(new StoredTopic(Alpha), CancellationToken.None);
        TopicHistory empty = (await DescribeAsync(Alpha)).ShouldNotBeNull();
        (empty.FirstOffset, empty.LastOffset).ShouldBe((1, 0));

        string epoch = (await AcceptAsync(Alpha)).Epoch;
        (await DescribeAsync(Alpha)).ShouldBe(new TopicHistory(epoch, 1, 1));
        empty.Epoch.ShouldBe(epoch);

        for (int i = 1; i < 35; i++)
        {
            await AcceptAsync(Alpha);
        }

        await HistoryBecomesAsync(Alpha, 10);
        (await DescribeAsync(Alpha)).ShouldBe(new TopicHistory(epoch, 26, 35));
    }

    [Fact]
    public async Task Describe_of_a_topic_whose_messages_are_all_gone_still_tells_its_last_offset()
    {
        await StartAsync(new EngineOptions { Retention = new Retention { MaxAge = TimeSpan.FromHours(1) } });
        string epoch = (await AcceptAsync(Alpha)).Epoch;
        await AcceptAsync(Alpha);
        Time.Advance(TimeSpan.FromHours(2));
        await HistoryBecomesAsync(Alpha, 0);

        (await DescribeAsync(Alpha)).ShouldBe(new TopicHistory(epoch, 3, 2));
    }

    private async Task<TopicHistory?> DescribeAsync(TopicName topic) => await Engine.DescribeAsync(topic, CancellationToken.None);
}
