using Carillon.Engines;
using Carillon.Engines.Conformance;
using Carillon.Messages;
using Carillon.Publishing;
using Carillon.Topics;
using Shouldly;
using Xunit;

namespace Carillon.Sqlite.Tests;

public sealed class LargePageTests
{
    private const int PayloadBytes = 256 * 1024;
    private const int Messages = 150;

    [Fact]
    public async Task A_page_of_large_messages_ends_at_16_MiB_and_the_next_goes_on_without_a_gap()
    {
        using var directory = new TemporaryDirectory();
        await using SqliteDatabase database = TestDatabase.Create(directory.File("large.db"));
        await database.Topics.StartAsync(new RecordingSink(), CancellationToken.None);
        byte[] payload = [(byte)'"', .. Enumerable.Repeat((byte)'a', PayloadBytes - 2), (byte)'"'];
        await Task.WhenAll(Enumerable.Range(0, Messages).Select(_ =>
            database.Topics.PublishAsync(new PublishRequest { Topic = TopicName.Create("t"), Payload = payload }, CancellationToken.None).AsTask()));

        List<long> offsets = [];
        long? cursor = null;
        int largest = 0;
        do
        {
            var query = new MessageQuery { Topic = TopicName.Create("t"), Ascending = true, Limit = 1000, Cursor = cursor };
            Page<Message> page = await database.Topics.QueryAsync(query, CancellationToken.None);
            largest = Math.Max(largest, page.Items.Sum(message => message.Payload.Length));
            offsets.AddRange(page.Items.Select(message => message.Offset));
            cursor = page.Next;
        }
        while (cursor is not null);

        largest.ShouldBe(16 * 1024 * 1024);
        offsets.ShouldBe(Enumerable.Range(1, Messages).Select(i => (long)i));
    }
}
