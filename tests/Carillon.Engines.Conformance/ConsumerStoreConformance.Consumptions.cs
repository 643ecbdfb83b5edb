using System.Text;
using Carillon.Consumers;
using Carillon.Messages;
using Carillon.Topics;
using Shouldly;
using Xunit;

namespace Carillon.Engines.Conformance;

public abstract partial class ConsumerStoreConformance
{
    [Fact]
    public async Task Record_keeps_the_consumption_as_the_consumer_sent_it()
    {
        const string Message = "{\"b\":12345678901234567890,\"a\":\"\\u0000😀\",\"c\":1e400}";
        (await ConsumeAsync("ann", Beta, "m1", Message)).Duplicate.ShouldBeFalse();
        Consumption row = (await ConsumptionsAsync(new ConsumerQuery())).Items.ShouldHaveSingleItem();
        (row.Consumer, row.Topic, row.MessageId, row.Timestamp).ShouldBe(("ann", Beta, "m1", UnixTime.Now(Time)));
        Encoding.UTF8.GetString(row.Message.Span).ShouldBe(Message);
    }

    [Fact]
    public async Task Record_of_the_same_confirmation_twice_changes_nothing()
    {
        await ConsumeAsync("ann", Alpha, "m1", "\"first\"");
        Time.Advance(TimeSpan.FromSeconds(1));
        (await ConsumeAsync("ann", Alpha, "m1", "\"second\"")).Duplicate.ShouldBeTrue();
        (await ConsumeAsync("bob", Alpha, "m1")).Duplicate.ShouldBeFalse();
        (await ConsumeAsync("ann", Beta, "m1")).Duplicate.ShouldBeFalse();
        (await ConsumeAsync("ann", Alpha, "m2")).Duplicate.ShouldBeFalse();
        IReadOnlyList<Consumption> rows = (await ConsumptionsAsync(new ConsumerQuery())).Items;
        rows.Count.ShouldBe(4);
        Encoding.UTF8.GetString(rows[^1].Message.Span).ShouldBe("\"first\"");
    }

    [Fact]
    public async Task Record_of_one_confirmation_from_many_at_once_is_kept_once()
    {
        ConsumptionResult[] results = await Task.WhenAll(Enumerable.Range(0, 32).Select(_ => Task.Run(() => ConsumeAsync("ann", Alpha, "m"))));
        results.Count(result => !result.Duplicate).ShouldBe(1);
        (await ConsumptionsAsync(new ConsumerQuery())).Items.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Query_consumptions_with_any_combination_of_filters_finds_the_same_rows_as_a_filtered_list()
    {
        var all = new List<(string Consumer, TopicName Topic, string Id, UnixTime Time)>();
        for (int i = 0; i < 120; i++)
        {
            if (i % 3 == 0)
            {
                Time.Advance(TimeSpan.FromMilliseconds(7));
            }

            (string Consumer, TopicName Topic, string Id, UnixTime Time) row =
                (i % 5 < 2 ? "ann" : $"c{i % 4}", i % 7 < 3 ? Alpha : Beta, $"m{i}", UnixTime.Now(Time));
            await ConsumeAsync(row.Consumer, row.Topic, row.Id);
            all.Add(row);
        }

        IEnumerable<ConsumerQuery> queries =
            from consumer in new[] { null, "ann", "nobody" }
            from topic in new TopicName?[] { null, Alpha, TopicName.Create("none") }
            from lower in new UnixTime?[] { null, all[30].Time, new UnixTime(long.MaxValue / 2) }
            from upper in new UnixTime?[] { null, all[90].Time, new UnixTime(0) }
            select new ConsumerQuery { Consumer = consumer, Topic = topic, From = lower, To = upper, Limit = 9 };
        foreach (ConsumerQuery query in queries)
        {
            var found = new List<string>();
            long? cursor = null;
            do
            {
                Page<Consumption> page = await ConsumptionsAsync(query with { Cursor = cursor });
                page.Items.Count.ShouldBeLessThanOrEqualTo(9);
                found.AddRange(page.Items.Select(row => row.MessageId));
                cursor = page.Next;
            }
            while (cursor is not null);

            found.ShouldBe(
                all.Where(row => (query.Consumer ?? row.Consumer) == row.Consumer && (query.Topic ?? row.Topic) == row.Topic
                    && (query.From is null || row.Time >= query.From) && (query.To is null || row.Time < query.To)).Reverse().Select(row => row.Id),
                query.ToString());
        }
    }

    [Fact]
    public async Task Consumers_are_those_subscribed_and_those_who_consumed_each_pair_once()
    {
        await SubscribeAsync("s1", "ann", Alpha, Beta);
        await SubscribeAsync("s2", "ann", Alpha);
        await SubscribeAsync("s3", null, Alpha);
        await ConsumeAsync("ann", Alpha, "m1");
        await ConsumeAsync("bob", Alpha, "m1");
        await ConsumeAsync("bob", Alpha, "m2");
        (await Store.ListConsumersAsync(100, CancellationToken.None))
            .ShouldBe([new(Alpha, "ann"), new(Beta, "ann"), new(Alpha, "bob")], ignoreOrder: true);
        (await Store.ListConsumersAsync(2, CancellationToken.None)).Count.ShouldBe(2);

        await Store.RemoveSubscriptionsAsync("s1", null, CancellationToken.None);
        (await Store.ListConsumersAsync(100, CancellationToken.None)).ShouldBe([new(Alpha, "ann"), new(Alpha, "bob")], ignoreOrder: true);
    }
}
