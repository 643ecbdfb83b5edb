using Carillon.Engines;
using Carillon.Engines.InMemory;
using Carillon.Messages;
using Carillon.Topics;
using Shouldly;
using Xunit;

namespace Carillon.Tests.Engines;

/// <summary>Offsets 11 to 110 of a topic, two a millisecond from 1,000 on; the sequence is ten times the offset.</summary>
public sealed class TopicLogTests
{
    private static readonly UnixTime Now = new(2_000);

    private readonly TopicLog _log = new("epoch") { Retention = new Retention { MaxCount = 100 } };

    public TopicLogTests()
    {
        for (int offset = 1; offset <= 110; offset++)
        {
            _log.Append(new TopicLog.Entry(10 * offset, new Message
            {
                Topic = TopicName.Create("a"), Offset = offset, MessageId = $"m{offset}", Producer = null, Timestamp = TimeOf(offset), Payload = "1"u8.ToArray(),
            }));
        }
    }

    [Theory]
    [InlineData(0, 11)]
    [InlineData(10, 11)]
    [InlineData(11, 12)]
    [InlineData(109, 110)]
    [InlineData(110, null)]
    [InlineData(long.MaxValue, null)]
    public void Within_an_offset_begins_behind_it(long after, int? first) => First(new MessageQuery { AfterOffset = after, Ascending = true }).ShouldBe(first);

    [Fact]
    public void Within_times_begins_at_the_first_and_ends_before_the_last()
    {
        TopicLog.Slice slice = _log.Read(Now).Within(new MessageQuery { From = TimeOf(20), To = TimeOf(30) });
        Offsets(slice).ShouldBe(Enumerable.Range(20, 10).Select(offset => (long)offset));
    }

    [Fact]
    public void Within_a_cursor_goes_on_behind_it_in_either_direction()
    {
        Offsets(_log.Read(Now).Within(new MessageQuery { Cursor = 1_090, Ascending = true })).ShouldBe([110]);
        Offsets(_log.Read(Now).Within(new MessageQuery { Cursor = 130 })).ShouldBe([11, 12]);
    }

    [Fact]
    public void Within_bounds_that_exclude_each_other_is_empty() =>
        Offsets(_log.Read(Now).Within(new MessageQuery { AfterOffset = 50, To = TimeOf(20), Cursor = 130 })).ShouldBeEmpty();

    private static UnixTime TimeOf(int offset) => new(1_000 + (offset / 2));

    private static long[] Offsets(TopicLog.Slice slice) =>
        slice.Start >= slice.End ? [] : [.. slice.Entries[slice.Start..slice.End].Select(entry => entry.Message.Offset)];

    private int? First(MessageQuery query) => Offsets(_log.Read(Now).Within(query)) is [long first, ..] ? (int)first : null;
}
