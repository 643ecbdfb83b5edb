using System.Collections.Concurrent;
using Carillon.Messages;
using Carillon.Publishing;
using Carillon.Topics;
using Shouldly;
using Xunit;

namespace Carillon.Engines.Conformance;

public abstract partial class TopicEngineConformance
{
    [Fact]
    public async Task Publish_to_a_new_topic_creates_it_and_gives_offset_1()
    {
        await StartAsync();
        PublishResult result = await AcceptAsync(Alpha, "m1", "{\"a\":1}", "me");
        result.Offset.ShouldBe(1);
        result.MessageId.ShouldBe("m1");
        result.Duplicate.ShouldBeFalse();
        result.Epoch.ShouldNotBeEmpty();
        result.Timestamp.ShouldBe(UnixTime.Now(Time));

        Message stored = (await HistoryAsync(Alpha)).ShouldHaveSingleItem();
        stored.Topic.ShouldBe(Alpha);
        stored.Offset.ShouldBe(1);
        stored.MessageId.ShouldBe("m1");
        stored.Producer.ShouldBe("me");
        stored.Timestamp.ShouldBe(result.Timestamp);
        Text(stored).ShouldBe("{\"a\":1}");
    }

    [Fact]
    public async Task Publish_hands_the_sink_what_it_stored()
    {
        await StartAsync();
        PublishResult result = await AcceptAsync(Beta, null, "\"x\"");
        await Sink.ReachesAsync(1);
        Message delivered = Sink.Messages.ShouldHaveSingleItem();
        delivered.Topic.ShouldBe(Beta);
        delivered.Offset.ShouldBe(1);
        delivered.MessageId.ShouldBe(result.MessageId);
        delivered.Producer.ShouldBeNull();
        delivered.Timestamp.ShouldBe(result.Timestamp);
        Text(delivered).ShouldBe("\"x\"");
    }

    [Fact]
    public async Task Publish_from_64_publishers_on_several_topics_gives_gapless_offsets_in_one_order()
    {
        const int Publishers = 64, Each = 50, Topics = 5;
        await StartAsync();
        var results = new ConcurrentBag<(TopicName Topic, PublishResult Result)>();
        await Task.WhenAll(Enumerable.Range(0, Publishers).Select(publisher => Task.Run(async () =>
        {
            for (int i = 0; i < Each; i++)
            {
                TopicName topic = TopicName.Create($"topic-{(publisher + i) % Topics}");
                results.Add((topic, await PublishAsync(topic, $"{publisher}-{i}", $"{i}", $"p{publisher}")));
            }
        })));

        await Sink.ReachesAsync(Publishers * Each);
        Sink.Overlaps.ShouldBe(0);
        Sink.Count.ShouldBe(Publishers * Each);
        foreach (IGrouping<TopicName, PublishResult> topic in results.GroupBy(entry => entry.Topic, entry => entry.Result))
        {
            topic.ShouldAllBe(result => result.Accepted && !result.Duplicate);
            topic.Select(result => result.Offset).Order().ShouldBe(Gapless(topic.Count()));
            topic.Select(result => result.Epoch).Distinct().ShouldHaveSingleItem();

            IReadOnlyList<Message> live = Sink.Of(topic.Key);
            IReadOnlyList<Message> history = await HistoryAsync(topic.Key);
            live.Select(message => message.Offset).ShouldBe(Gapless(topic.Count()));
            history.Select(message => (message.Offset, message.MessageId)).ShouldBe(live.Select(message => (message.Offset, message.MessageId)));
            topic.ToDictionary(result => result.MessageId, result => result.Offset)
                .ShouldBe(history.ToDictionary(message => message.MessageId, message => message.Offset), ignoreOrder: true);
        }
    }

    [Fact]
    public async Task Publish_of_one_publisher_keeps_its_order()
    {
        await StartAsync();
        Task<PublishResult>[] publishes = [.. Enumerable.Range(0, 500).Select(i => PublishAsync(Alpha, null, $"{i}"))];
        await Task.WhenAll(publishes);
        (await HistoryAsync(Alpha)).Select(Text).ShouldBe(Enumerable.Range(0, 500).Select(i => $"{i}"));
    }

    [Fact]
    public async Task Publish_without_an_id_makes_a_unique_one()
    {
        await StartAsync();
        PublishResult[] results = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => AcceptAsync(Alpha)));
        results.ShouldAllBe(result => result.MessageId.Length > 0);
        results.Select(result => result.MessageId).Distinct().Count().ShouldBe(100);
    }

    [Fact]
    public async Task Publish_while_the_wall_clock_goes_back_keeps_timestamps_in_order()
    {
        await StartAsync();
        PublishResult first = await AcceptAsync(Alpha);
        Time.StepWallClock(TimeSpan.FromHours(-1));
        PublishResult second = await AcceptAsync(Alpha);
        second.Timestamp.ShouldBe(first.Timestamp);
        Time.StepWallClock(TimeSpan.FromHours(2));
        (await AcceptAsync(Alpha)).Timestamp.ShouldBeGreaterThan(second.Timestamp);
        (await HistoryAsync(Alpha)).Select(message => message.Timestamp).ShouldBeInOrder();
    }

    [Theory]
    [InlineData("1e400")]
    [InlineData("-0.0")]
    [InlineData("12345678901234567890")]
    [InlineData("0.10000000000000000000001")]
    [InlineData("null")]
    [InlineData("true")]
    [InlineData("\"\"")]
    [InlineData("\"\\u0000\\ud83d\\ude00\\\"\\/\\n\"")]
    [InlineData("\"😀 ü \u2028 ' \"")]
    [InlineData("{\"b\":1,\"a\":{\"z\":[],\"y\":{}},\"\":null}")]
    [InlineData("[1,2.50,\"1\",[[[]]]]")]
    public async Task Publish_keeps_the_bytes_of_the_payload(string payload)
    {
        await StartAsync();
        await AcceptAsync(Alpha, "m", payload);
        await Sink.ReachesAsync(1);
        Text((await HistoryAsync(Alpha)).ShouldHaveSingleItem()).ShouldBe(payload);
        Text(Sink.Messages.ShouldHaveSingleItem()).ShouldBe(payload);
    }

    [Fact]
    public async Task Publish_keeps_a_large_payload()
    {
        await StartAsync();
        string payload = $"\"{string.Concat(Enumerable.Repeat("0123456789abcdeß", 16_000))}\"";
        await AcceptAsync(Alpha, "m", payload);
        Text((await HistoryAsync(Alpha)).ShouldHaveSingleItem()).ShouldBe(payload);
    }

    [Fact]
    public async Task Publish_with_names_that_are_SQL_or_JSON_keeps_them()
    {
        await StartAsync();
        TopicName topic = TopicName.Create("'; DROP TABLE messages; -- \"{}\\ 😀");
        const string Name = "%' OR 1=1 -- \"\\";
        await AcceptAsync(topic, Name, "1", Name);
        Message stored = (await HistoryAsync(topic)).ShouldHaveSingleItem();
        (stored.Topic, stored.MessageId, stored.Producer).ShouldBe((topic, Name, Name));
        (await QueryAsync(new MessageQuery { Producer = Name, MessageId = Name })).Items.ShouldHaveSingleItem();
        (await QueryAsync(new MessageQuery { Producer = "%" })).Items.ShouldBeEmpty();
    }

    [Fact]
    public async Task Publish_whose_caller_gave_up_and_tried_again_is_stored_once()
    {
        await StartAsync();
        for (int i = 0; i < 50; i++)
        {
            using var giveUp = new CancellationTokenSource();
            Task<PublishResult> publish = Engine.PublishAsync(Request(Alpha, $"m{i}"), giveUp.Token).AsTask();
            await giveUp.CancelAsync();
            try
            {
                await publish;
            }
            catch (OperationCanceledException)
            {
                // Either outcome is right: the publish may have been complete before the caller gave up.
            }

            (await AcceptAsync(Alpha, $"m{i}")).Offset.ShouldBe(i + 1);
        }

        (await HistoryAsync(Alpha)).Select(message => message.Offset).ShouldBe(Gapless(50));
        await Sink.ReachesAsync(50);
        Sink.Count.ShouldBe(50);
    }

    [Fact]
    public async Task Create_makes_an_empty_topic_and_twice_changes_nothing()
    {
        await StartAsync();
        (await Engine.CreateAsync(new StoredTopic(Alpha), CancellationToken.None)).ShouldBeNull();
        (await HistoryAsync(Alpha)).ShouldBeEmpty();
        PublishResult first = await AcceptAsync(Alpha);
        (await Engine.CreateAsync(new StoredTopic(Alpha), CancellationToken.None)).ShouldBeNull();
        PublishResult second = await AcceptAsync(Alpha);
        (first.Offset, second.Offset).ShouldBe((1, 2));
        second.Epoch.ShouldBe(first.Epoch);
    }
}
