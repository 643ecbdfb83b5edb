using Carillon.Consumers;
using Carillon.Errors;
using Carillon.Messages;
using Carillon.Topics;
using Shouldly;
using Xunit;

namespace Carillon.Engines.Conformance;

public abstract partial class ConsumerStoreConformance
{
    [Fact]
    public async Task Add_lists_the_subscriptions_newest_first()
    {
        await SubscribeAsync("s1", "ann", Alpha);
        Time.Advance(TimeSpan.FromSeconds(1));
        await SubscribeAsync("s2", null, Alpha, Beta);
        IReadOnlyList<SubscriptionRecord> rows = await SubscriptionsAsync();
        rows.Select(row => (row.SessionId, row.Consumer, row.Topic)).ShouldBe([("s2", null, Beta), ("s2", null, Alpha), ("s1", "ann", Alpha)]);
        rows[0].ConnectedAt.ShouldBe(UnixTime.Now(Time));
        rows[2].ConnectedAt.ShouldBe(new UnixTime(UnixTime.Now(Time).Milliseconds - 1000));
    }

    [Fact]
    public async Task Add_of_an_existing_session_and_topic_replaces_it()
    {
        await SubscribeAsync("s1", null, Alpha);
        await SubscribeAsync("s1", "ann", Alpha);
        SubscriptionRecord row = (await SubscriptionsAsync()).ShouldHaveSingleItem();
        row.Consumer.ShouldBe("ann");
    }

    [Fact]
    public async Task Remove_of_named_topics_keeps_the_others_and_other_sessions()
    {
        await SubscribeAsync("s1", "ann", Alpha, Beta);
        await SubscribeAsync("s2", "ann", Alpha);
        (await Store.RemoveSubscriptionsAsync("s1", [Alpha, TopicName.Create("never")], CancellationToken.None)).ShouldBeNull();
        (await SubscriptionsAsync()).Select(row => (row.SessionId, row.Topic)).ShouldBe([("s2", Alpha), ("s1", Beta)]);
    }

    [Fact]
    public async Task Remove_of_all_topics_of_a_session_leaves_nothing_of_it()
    {
        await SubscribeAsync("s1", "ann", Alpha, Beta);
        await SubscribeAsync("s2", "ann", Alpha);
        (await Store.RemoveSubscriptionsAsync("s1", null, CancellationToken.None)).ShouldBeNull();
        (await Store.RemoveSubscriptionsAsync("unknown", null, CancellationToken.None)).ShouldBeNull();
        (await SubscriptionsAsync()).Select(row => row.SessionId).ShouldBe(["s2"]);
    }

    [Fact]
    public async Task Remove_issued_after_add_without_waiting_wins()
    {
        for (int i = 0; i < 50; i++)
        {
            Task<Error?> add = Store.AddSubscriptionsAsync([new("s1", null, Alpha, UnixTime.Now(Time))], CancellationToken.None).AsTask();
            Task<Error?> remove = Store.RemoveSubscriptionsAsync("s1", null, CancellationToken.None).AsTask();
            await Task.WhenAll(add, remove);
        }

        (await SubscriptionsAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Query_subscriptions_filters_and_pages()
    {
        for (int i = 0; i < 30; i++)
        {
            await SubscribeAsync($"s{i}", i % 3 == 0 ? "ann" : null, i % 2 == 0 ? Alpha : Beta);
            Time.Advance(TimeSpan.FromSeconds(1));
        }

        UnixTime start = new(UnixTime.Now(Time).Milliseconds - 30_000);
        (await SubscriptionsAsync(new ConsumerQuery { Topic = Alpha })).Count.ShouldBe(15);
        (await SubscriptionsAsync(new ConsumerQuery { Consumer = "ann" })).Count.ShouldBe(10);
        (await SubscriptionsAsync(new ConsumerQuery { Consumer = "ann", Topic = Beta })).Select(row => row.SessionId)
            .ShouldBe(["s27", "s21", "s15", "s9", "s3"]);
        (await SubscriptionsAsync(new ConsumerQuery { From = new(start.Milliseconds + 10_000), To = new(start.Milliseconds + 13_000) }))
            .Select(row => row.SessionId).ShouldBe(["s12", "s11", "s10"]);

        foreach (ConsumerQuery query in new ConsumerQuery[] { new(), new() { Topic = Alpha }, new() { Consumer = "ann" }, new() { Consumer = "ann", Topic = Alpha } })
        {
            var walked = new List<SubscriptionRecord>();
            long? cursor = null;
            do
            {
                Page<SubscriptionRecord> page = await Store.QuerySubscriptionsAsync(query with { Limit = 4, Cursor = cursor }, CancellationToken.None);
                walked.AddRange(page.Items);
                cursor = page.Next;
            }
            while (cursor is not null);
            walked.ShouldBe(await SubscriptionsAsync(query));
        }
    }

    [Fact]
    public async Task Start_forgets_the_subscriptions_of_an_earlier_run()
    {
        await SubscribeAsync("s1", "ann", Alpha, Beta);
        await ReopenAsync();
        (await SubscriptionsAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Writes_after_disposal_are_refused_as_unavailable()
    {
        await SubscribeAsync("s1", "ann", Alpha);
        await Store.DisposeAsync();
        await Store.DisposeAsync();
        (await Store.AddSubscriptionsAsync([new("s2", null, Alpha, UnixTime.Now(Time))], CancellationToken.None))!.Code.ShouldBe(ErrorCode.Unavailable);
        (await Store.RemoveSubscriptionsAsync("s1", null, CancellationToken.None))!.Code.ShouldBe(ErrorCode.Unavailable);
        ConsumptionResult result = await Store.RecordAsync(
            new Consumption { Consumer = "c", Topic = Alpha, MessageId = "m", Message = "1"u8.ToArray(), Timestamp = UnixTime.Now(Time) },
            CancellationToken.None);
        result.Error!.Code.ShouldBe(ErrorCode.Unavailable);
    }
}
