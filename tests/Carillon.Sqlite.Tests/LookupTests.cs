using Carillon.Engines;
using Carillon.Engines.Conformance;
using Carillon.Messages;
using Carillon.Publishing;
using Carillon.Topics;
using Shouldly;
using Xunit;

namespace Carillon.Sqlite.Tests;

/// <summary>The table of look-ups follows the messages in steps; nobody may notice where it has come to.</summary>
public sealed class LookupTests : IDisposable
{
    private const int Count = 5000;

    private static readonly TopicName Topic = TopicName.Create("t");

    private readonly TemporaryDirectory _directory = new();
    private readonly ManualTimeProvider _time = new();

    private string Path => _directory.File("pubsub.db");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Messages_are_found_and_recognised_wherever_the_table_has_come_to()
    {
        await using SqliteDatabase database = await StartAsync();
        await PublishAsync(database, 0, Count);

        // The clock stands still, so only full steps were made: some messages are in the table and some are not.
        long indexed = Indexed();
        indexed.ShouldBeInRange(2048, Count - 1);
        await CheckAsync(database);

        await Eventually.HoldsAsync(
            () =>
            {
                _time.Advance(TimeSpan.FromSeconds(1));
                return Indexed() == Count;
            },
            "the table has come to the end");
        await CheckAsync(database);
    }

    [Fact]
    public async Task Ids_that_were_not_in_the_table_are_known_after_a_restart()
    {
        SqliteDatabase database = await StartAsync();
        await PublishAsync(database, 0, Count);
        await database.DisposeAsync();
        Indexed().ShouldBeLessThan(Count);
        await using SqliteDatabase reopened = await StartAsync();
        await CheckAsync(reopened);
    }

    [Fact]
    public async Task Rows_of_deleted_messages_leave_the_table()
    {
        await using (SqliteDatabase database = await StartAsync())
        {
            await PublishAsync(database, 0, Count);
        }

        await using SqliteDatabase trimmed = await StartAsync(new EngineOptions { Retention = new Retention { MaxCount = 10 } });
        await Eventually.HoldsAsync(
            () =>
            {
                _time.Advance(TimeSpan.FromSeconds(1));
                return Raw.Rows(Path, "SELECT count(*) FROM messages")[0] == "10" && Raw.Rows(Path, "SELECT count(*) FROM message_lookups")[0] == "10";
            },
            "ten messages and ten look-ups are left");
        (await trimmed.Topics.QueryAsync(new MessageQuery { Producer = "p1" }, CancellationToken.None)).Items.Select(message => message.Offset)
            .ShouldBe([Count, Count - 3, Count - 6, Count - 9]);
        (await PublishAsync(trimmed, "m0")).Duplicate.ShouldBeTrue();
        (await PublishAsync(trimmed, $"m{Count - 1}")).Duplicate.ShouldBeTrue();
        (await PublishAsync(trimmed, "new")).Offset.ShouldBe(Count + 1);
    }

    private static async Task CheckAsync(SqliteDatabase database)
    {
        foreach (int i in new[] { 0, 1, 2047, 2048, 2049, 4095, 4096, Count - 1 })
        {
            Message found = (await database.Topics.QueryAsync(new MessageQuery { MessageId = $"m{i}" }, CancellationToken.None)).Items.ShouldHaveSingleItem();
            found.Offset.ShouldBe(i + 1);
            PublishResult again = await PublishAsync(database, $"m{i}");
            (again.Duplicate, again.Offset).ShouldBe((true, i + 1));
        }

        foreach (bool ascending in new[] { false, true })
        {
            foreach (TopicName? topic in new TopicName?[] { null, Topic })
            {
                var offsets = new List<long>();
                long? cursor = null;
                do
                {
                    var query = new MessageQuery { Producer = "p1", Topic = topic, Ascending = ascending, Cursor = cursor, Limit = 300 };
                    Page<Message> page = await database.Topics.QueryAsync(query, CancellationToken.None);
                    offsets.AddRange(page.Items.Select(message => message.Offset));
                    cursor = page.Next;
                }
                while (cursor is not null);
                IEnumerable<long> expected = Enumerable.Range(0, Count).Where(i => i % 3 == 1).Select(i => (long)i + 1);
                offsets.ShouldBe(ascending ? expected : expected.Reverse());
            }
        }
    }

    private static async Task PublishAsync(SqliteDatabase database, int from, int count)
    {
        for (int i = from; i < from + count; i += 500)
        {
            await Task.WhenAll(Enumerable.Range(i, 500).Select(n => PublishAsync(database, $"m{n}", $"p{n % 3}")));
        }
    }

    private static Task<PublishResult> PublishAsync(SqliteDatabase database, string id, string? producer = null) => database.Topics.PublishAsync(
        new PublishRequest { Topic = Topic, MessageId = id, Producer = producer, Payload = "1"u8.ToArray() }, CancellationToken.None).AsTask();

    private long Indexed() => long.Parse(Raw.Rows(Path, "SELECT coalesce(max(id), 0) FROM message_lookups")[0]);

    private async Task<SqliteDatabase> StartAsync(EngineOptions? options = null)
    {
        SqliteDatabase database = TestDatabase.Create(Path, options, _time);
        await database.Topics.StartAsync(new RecordingSink(), CancellationToken.None);
        return database;
    }
}
