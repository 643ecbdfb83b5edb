using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Carillon.Engines;
using Carillon.Engines.Conformance;
using Carillon.Messages;
using Carillon.Publishing;
using Carillon.Topics;
using Shouldly;
using Xunit;

namespace Carillon.Sqlite.Tests;

public sealed class RetentionPaceTests : IDisposable
{
    private const int Backlog = 30_000;

    private static readonly TopicName Old = TopicName.Create("old");
    private static readonly TopicName Busy = TopicName.Create("busy");

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Trimming_a_long_backlog_goes_in_small_steps_between_which_publishes_are_served()
    {
        string path = _directory.File("pubsub.db");
        await FillAsync(path);

        var keepTen = new Dictionary<TopicName, Retention> { [Old] = new() { MaxCount = 10 } };
        var steps = new ConcurrentQueue<long>();
        int published = 0, publishedWhileTrimming = 0;
        using MeterListener meters = DatabaseMeters.Listen(path);
        meters.SetMeasurementEventCallback<long>((instrument, value, _, _) =>
        {
            if (instrument.Name == "carillon.sqlite.deleted")
            {
                steps.Enqueue(value);
                Volatile.Write(ref publishedWhileTrimming, Volatile.Read(ref published));
            }
        });
        meters.Start();

        await using SqliteDatabase database = TestDatabase.Create(path, new EngineOptions { TopicRetention = keepTen });
        await database.Topics.StartAsync(new RecordingSink(), CancellationToken.None);
        while (Volatile.Read(ref publishedWhileTrimming) == 0 || await CountAsync(database) > 10)
        {
            (await database.Topics.PublishAsync(new PublishRequest { Topic = Busy, Payload = "1"u8.ToArray() }, CancellationToken.None))
                .Accepted.ShouldBeTrue();
            Interlocked.Increment(ref published);
        }

        await Eventually.HoldsAsync(() => steps.Sum() == Backlog - 10, "every step is counted");
        steps.ShouldAllBe(step => step <= 500);
        Volatile.Read(ref publishedWhileTrimming).ShouldBeGreaterThan(5);
        (await database.Topics.QueryAsync(new MessageQuery { Topic = Old }, CancellationToken.None)).Items
            .Select(message => message.Offset).ShouldBe(Enumerable.Range(0, 10).Select(i => (long)(Backlog - i)));
    }

    [Fact]
    public async Task Topic_that_is_published_to_without_pause_does_not_outgrow_its_retention_by_far()
    {
        var retention = new EngineOptions { Retention = new Retention { MaxCount = 100 } };
        var time = new ManualTimeProvider();
        await using SqliteDatabase database = TestDatabase.Create(_directory.File("pubsub.db"), retention, time);
        await database.Topics.StartAsync(new RecordingSink(), CancellationToken.None);

        // The clock stands still, so no sweep comes to help.
        for (int i = 0; i < 20; i++)
        {
            await Task.WhenAll(Enumerable.Range(0, 1000).Select(_ => database.Topics.PublishAsync(
                new PublishRequest { Topic = Busy, Payload = "1"u8.ToArray() }, CancellationToken.None).AsTask()));
        }

        await Eventually.HoldsAsync(async () => await CountAsync(database, Busy) < 100 + 500, "what is far too much is trimmed at once");
    }

    [Fact]
    public async Task Ids_of_deleted_messages_are_forgotten_after_the_window()
    {
        string path = _directory.File("pubsub.db");
        var time = new ManualTimeProvider();
        await using SqliteDatabase database = TestDatabase.Create(path, new EngineOptions { Retention = new Retention { MaxCount = 1 } }, time);
        await database.Topics.StartAsync(new RecordingSink(), CancellationToken.None);
        for (int i = 0; i < 1200; i++)
        {
            _ = database.Topics.PublishAsync(new PublishRequest { Topic = Busy, MessageId = $"m{i}", Payload = "1"u8.ToArray() }, CancellationToken.None).AsTask();
        }

        await Eventually.HoldsAsync(
            () =>
            {
                time.Advance(TimeSpan.FromSeconds(1));
                return Raw.Rows(path, "SELECT count(*) FROM deleted_ids")[0] == "1199";
            },
            "every deleted id is remembered");
        time.Advance(TimeSpan.FromMinutes(11));
        await Eventually.HoldsAsync(
            () =>
            {
                time.Advance(TimeSpan.FromSeconds(1));
                return Raw.Rows(path, "SELECT count(*) FROM deleted_ids")[0] == "0";
            },
            "no deleted id is remembered");
    }

    private static async Task<int> CountAsync(SqliteDatabase database, TopicName? topic = null) =>
        (await database.Topics.QueryAsync(new MessageQuery { Topic = topic ?? Old, Limit = Page<Message>.MaxLimit }, CancellationToken.None)).Items.Count;

    private static async Task FillAsync(string path)
    {
        await using SqliteDatabase database = TestDatabase.Create(TestDatabase.Options(path) with { Synchronous = SynchronousMode.Off });
        await database.Topics.StartAsync(new RecordingSink(), CancellationToken.None);
        for (int i = 0; i < Backlog; i += 1000)
        {
            await Task.WhenAll(Enumerable.Range(i, 1000).Select(n => database.Topics.PublishAsync(
                new PublishRequest { Topic = Old, MessageId = $"m{n}", Payload = "1"u8.ToArray() }, CancellationToken.None).AsTask()));
        }
    }
}
