using Carillon.Publishing;
using Shouldly;
using Xunit;

namespace Carillon.Engines.Conformance;

public abstract partial class TopicEngineConformance
{
    [Fact]
    public async Task Publish_with_a_known_id_returns_the_first_offset_and_delivers_nothing()
    {
        await StartAsync();
        await AcceptAsync(Alpha, "other");
        PublishResult first = await AcceptAsync(Alpha, "m", "1");
        Time.Advance(TimeSpan.FromSeconds(5));
        PublishResult again = await AcceptAsync(Alpha, "m", "2");
        again.Duplicate.ShouldBeTrue();
        again.MessageId.ShouldBe("m");
        (again.Offset, again.Timestamp, again.Epoch).ShouldBe((first.Offset, first.Timestamp, first.Epoch));

        // The next message shows that the sink got nothing in between.
        await AcceptAsync(Alpha, "last");
        await Sink.ReachesAsync(3);
        Sink.Messages.Select(message => (message.MessageId, message.Offset)).ShouldBe([("other", 1), ("m", 2), ("last", 3)]);
        (await HistoryAsync(Alpha)).Select(Text).ShouldBe(["1", "1", "1"]);
    }

    [Fact]
    public async Task Publish_with_an_id_that_the_engine_made_is_known_too()
    {
        await StartAsync();
        PublishResult first = await AcceptAsync(Alpha);
        PublishResult again = await AcceptAsync(Alpha, first.MessageId);
        (again.Duplicate, again.Offset).ShouldBe((true, 1));
    }

    [Fact]
    public async Task Publish_with_a_known_id_on_another_topic_is_stored()
    {
        await StartAsync();
        await AcceptAsync(Alpha, "m");
        PublishResult other = await AcceptAsync(Beta, "m");
        (other.Duplicate, other.Offset).ShouldBe((false, 1));
    }

    [Fact]
    public async Task Publish_with_one_id_from_many_at_once_is_stored_once()
    {
        await StartAsync();
        PublishResult[] results = await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => Task.Run(() => AcceptAsync(Alpha, "same"))));
        results.Count(result => !result.Duplicate).ShouldBe(1);
        results.ShouldAllBe(result => result.Offset == 1);
        (await HistoryAsync(Alpha)).ShouldHaveSingleItem();
        await AcceptAsync(Alpha, "last");
        await Sink.ReachesAsync(2);
        Sink.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Publish_with_ids_that_differ_in_case_stores_both()
    {
        await StartAsync();
        (await AcceptAsync(Alpha, "Id")).Offset.ShouldBe(1);
        (await AcceptAsync(Alpha, "id")).Offset.ShouldBe(2);
    }

    [Fact]
    public async Task Publish_with_a_known_id_until_the_end_of_the_window_is_a_duplicate_and_after_it_is_stored()
    {
        await StartAsync(new EngineOptions { DedupeWindow = TimeSpan.FromMinutes(15) });
        await AcceptAsync(Alpha, "m");
        Time.Advance(TimeSpan.FromMinutes(15) - TimeSpan.FromSeconds(1));
        (await AcceptAsync(Alpha, "m")).Duplicate.ShouldBeTrue();
        Time.Advance(TimeSpan.FromSeconds(2));
        PublishResult later = await AcceptAsync(Alpha, "m");
        (later.Duplicate, later.Offset).ShouldBe((false, 2));
        PublishResult again = await AcceptAsync(Alpha, "m");
        (again.Duplicate, again.Offset).ShouldBe((true, 2));
    }

    [Fact]
    public async Task Publish_with_the_id_of_a_message_that_retention_deleted_is_a_duplicate_within_the_window()
    {
        await StartAsync(new EngineOptions { Retention = new Retention { MaxCount = 1 } });
        PublishResult first = await AcceptAsync(Alpha, "gone");
        await AcceptAsync(Alpha, "kept");
        await HistoryBecomesAsync(Alpha, 1);

        PublishResult again = await AcceptAsync(Alpha, "gone");
        (again.Duplicate, again.Offset, again.Timestamp).ShouldBe((true, 1, first.Timestamp));
        Time.Advance(TimeSpan.FromMinutes(11));
        PublishResult later = await AcceptAsync(Alpha, "gone");
        (later.Duplicate, later.Offset).ShouldBe((false, 3));
    }
}
