using System.Security.Claims;
using Carillon.Access;
using Carillon.Engines;
using Carillon.Engines.Conformance;
using Carillon.Errors;
using Carillon.Messages;
using Carillon.Publishing;
using Carillon.Sqlite.Files;
using Carillon.Topics;
using Microsoft.Data.Sqlite;
using Shouldly;
using Xunit;

namespace Carillon.Sqlite.Tests;

public sealed class FaultTests : IDisposable
{
    private static readonly TopicName Topic = TopicName.Create("t");

    private readonly TemporaryDirectory _directory = new();
    private readonly RecordingSink _sink = new();

    private string Path => _directory.File("pubsub.db");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Publish_is_neither_acknowledged_nor_delivered_before_its_commit()
    {
        using var entered = new SemaphoreSlim(0);
        using var gate = new ManualResetEventSlim();
        await using SqliteDatabase database = await StartAsync(commit =>
        {
            entered.Release();
            gate.Wait();
            commit();
        });

        // The engine's own task, without a method around it: it is complete the moment the writer says so.
        Task<PublishResult> publish = database.Topics.PublishAsync(
            new PublishRequest { Topic = Topic, MessageId = "a", Payload = "1"u8.ToArray() }, CancellationToken.None).AsTask();
        await entered.WaitAsync();
        (bool Acknowledged, int Delivered, int Stored) seen =
            (publish.IsCompleted, _sink.Count, (await database.Topics.QueryAsync(new MessageQuery(), CancellationToken.None)).Items.Count);
        gate.Set();
        seen.ShouldBe((false, 0, 0));
        (await publish).Offset.ShouldBe(1);
        await _sink.ReachesAsync(1);
    }

    [Fact]
    public async Task Commit_that_fails_is_answered_as_unknown_and_the_retry_is_stored()
    {
        int commits = 0;
        await using SqliteDatabase database = await StartAsync(commit =>
        {
            if (++commits == 2)
            {
                throw Fault();
            }

            commit();
        });
        (await PublishAsync(database, "a")).Offset.ShouldBe(1);
        PublishResult failed = await PublishAsync(database, "b");
        failed.Error!.Code.ShouldBe(ErrorCode.OutcomeUnknown);
        failed.Error.Message.ShouldContain("same message_id");

        await ReadyAsync(database);
        PublishResult retried = await PublishAsync(database, "b");
        (retried.Error, retried.Duplicate, retried.Offset).ShouldBe((null, false, 2));
        await _sink.ReachesAsync(2);
        _sink.Messages.Select(message => message.MessageId).ShouldBe(["a", "b"]);
    }

    [Fact]
    public async Task Commit_that_reached_the_disk_but_failed_is_delivered_once_and_the_retry_is_a_duplicate()
    {
        int commits = 0;
        await using SqliteDatabase database = await StartAsync(commit =>
        {
            commit();
            if (++commits == 2)
            {
                throw Fault();
            }
        });
        await PublishAsync(database, "a");
        Task<PublishResult>[] failing = [.. Enumerable.Range(0, 3).Select(i => PublishAsync(database, $"b{i}"))];
        PublishResult[] failed = await Task.WhenAll(failing);
        failed.ShouldContain(result => !result.Accepted);
        failed.Where(result => !result.Accepted).ShouldAllBe(result => result.Error!.Code == ErrorCode.OutcomeUnknown || result.Error.Code == ErrorCode.Unavailable);

        await ReadyAsync(database);
        for (int i = 0; i < 3; i++)
        {
            (await PublishAsync(database, $"b{i}")).Accepted.ShouldBeTrue();
        }

        (await PublishAsync(database, "b0")).Duplicate.ShouldBeTrue();
        await PublishAsync(database, "c");
        await _sink.ReachesAsync(5);
        _sink.Messages.Select(message => message.Offset).ShouldBe([1, 2, 3, 4, 5]);
        _sink.Messages.Select(message => message.MessageId).Order().ShouldBe(["a", "b0", "b1", "b2", "c"]);
        _sink.Messages.ShouldAllBe(message => message.Publisher.Single() == "ada");
    }

    [Fact]
    public async Task Commit_that_fails_makes_the_engine_unready_until_it_has_restarted()
    {
        int commits = 0;
        string lockedPath = Path;
        await using SqliteDatabase database = await StartAsync(commit =>
        {
            if (++commits == 2)
            {
                // The file is out of reach when the writer comes back to it.
                File.Move(lockedPath, lockedPath + ".away");
                throw Fault();
            }

            commit();
        });
        await PublishAsync(database, "a");
        (await PublishAsync(database, "b")).Error!.Code.ShouldBe(ErrorCode.OutcomeUnknown);
        database.Topics.Status.Ready.ShouldBeFalse();
        database.Topics.Status.Reason.ShouldNotBeNull();
        (await PublishAsync(database, "c")).Error!.Code.ShouldBe(ErrorCode.Unavailable);
        File.Move(lockedPath + ".away", lockedPath);
        await ReadyAsync(database);
        (await PublishAsync(database, "b")).Accepted.ShouldBeTrue();
    }

    [Fact]
    public async Task Dispose_while_the_engine_cannot_restart_ends()
    {
        string path = Path;
        int commits = 0;
        SqliteDatabase database = await StartAsync(commit =>
        {
            if (++commits == 1)
            {
                File.Delete(path);
                throw Fault();
            }

            commit();
        });
        (await PublishAsync(database, "a")).Error!.Code.ShouldBe(ErrorCode.OutcomeUnknown);
        await database.DisposeAsync();
        (await PublishAsync(database, "b")).Error!.Code.ShouldBe(ErrorCode.Unavailable);
    }

    [Fact]
    public async Task Restart_after_a_fault_keeps_the_retention_that_a_topic_was_given_meanwhile()
    {
        int commits = 0;
        var time = new ManualTimeProvider();
        var seams = new SqliteSeams
        {
            Commit = commit =>
            {
                if (++commits == 2)
                {
                    throw Fault();
                }

                commit();
            },
        };
        await using SqliteDatabase database = TestDatabase.Create(Path, null, time, seams);
        await database.Topics.StartAsync(_sink, CancellationToken.None);
        (await database.Topics.CreateAsync(new StoredTopic(Topic) { Retention = new Retention { MaxCount = 3 } }, CancellationToken.None)).ShouldBeNull();
        (await PublishAsync(database, "lost")).Error!.Code.ShouldBe(ErrorCode.OutcomeUnknown);
        await ReadyAsync(database);

        for (int i = 0; i < 10; i++)
        {
            (await PublishAsync(database, $"m{i}")).Accepted.ShouldBeTrue();
        }

        await Eventually.HoldsAsync(
            async () =>
            {
                time.Advance(TimeSpan.FromSeconds(1));
                return (await database.Topics.QueryAsync(new() { Topic = Topic }, CancellationToken.None)).Items.Count == 3;
            },
            "three messages are kept");
    }

    [Fact]
    public async Task Publish_below_the_floor_of_free_disk_is_refused_and_everything_else_goes_on()
    {
        long free = 1000;
        var time = new ManualTimeProvider();
        var seams = new SqliteSeams { FreeDiskBytes = _ => Interlocked.Read(ref free) };
        await using SqliteDatabase database = TestDatabase.Create(TestDatabase.Options(Path) with { MinFreeDiskBytes = 500 }, null, time, seams);
        await database.Topics.StartAsync(_sink, CancellationToken.None);
        await database.Consumers.StartAsync(CancellationToken.None);
        (await PublishAsync(database, "a")).Accepted.ShouldBeTrue();

        Interlocked.Exchange(ref free, 499);
        (await PublishAsync(database, "b")).Accepted.ShouldBeTrue("the last look is less than a second old");
        time.Advance(TimeSpan.FromSeconds(1));
        await Eventually.HoldsAsync(() => !database.Topics.Status.Ready, "the engine sees that the disk is full");
        (await PublishAsync(database, "c")).Error!.Code.ShouldBe(ErrorCode.StorageFull);
        (await database.Topics.CreateAsync(new StoredTopic(TopicName.Create("new")), CancellationToken.None)).ShouldBeNull();
        (await database.Consumers.AddSubscriptionsAsync([new("s", null, Topic, UnixTime.Now(time))], CancellationToken.None)).ShouldBeNull();
        (await database.Topics.QueryAsync(new() { Topic = Topic }, CancellationToken.None)).Items.Count.ShouldBe(2);

        Interlocked.Exchange(ref free, 500);
        time.Advance(TimeSpan.FromSeconds(1));
        await ReadyAsync(database);
        PublishResult retried = await PublishAsync(database, "c");
        (retried.Error, retried.Offset).ShouldBe((null, 3));
    }

    [Fact]
    public async Task Publishes_that_wait_for_room_in_the_queue_keep_the_order_of_their_calls()
    {
        using var held = new ManualResetEventSlim();
        var seams = new SqliteSeams
        {
            Commit = commit =>
            {
                held.Wait(TimeSpan.FromSeconds(30));
                commit();
            },
        };
        await using SqliteDatabase database = TestDatabase.Create(TestDatabase.Options(Path) with { QueueCapacity = 2 }, seams: seams);
        await database.Topics.StartAsync(_sink, CancellationToken.None);
        Task<PublishResult>[] publishing = [.. Enumerable.Range(0, 300).Select(i => PublishAsync(database, $"m{i}"))];

        held.Set();

        PublishResult[] results = await Task.WhenAll(publishing);
        results.Select(result => result.Offset).ShouldBe(Enumerable.Range(1, 300).Select(i => (long)i));
    }

    [Fact]
    public async Task A_database_file_that_is_removed_turns_readiness_off_and_nothing_more_is_taken()
    {
        var time = new ManualTimeProvider();
        await using SqliteDatabase database = TestDatabase.Create(TestDatabase.Options(Path), null, time);
        await database.Topics.StartAsync(_sink, CancellationToken.None);
        (await PublishAsync(database, "a")).Accepted.ShouldBeTrue();

        File.Delete(Path);
        time.Advance(TimeSpan.FromSeconds(1));

        await Eventually.HoldsAsync(() => !database.Topics.Status.Ready, "the engine sees that its file is gone");
        (await PublishAsync(database, "b")).Error!.Code.ShouldBe(ErrorCode.Unavailable);
    }

    [Fact]
    public async Task Publish_while_another_program_holds_the_file_is_refused_and_works_again_afterwards()
    {
        await using SqliteDatabase database = TestDatabase.Create(TestDatabase.Options(Path) with { BusyTimeout = TimeSpan.FromMilliseconds(50) });
        await database.Topics.StartAsync(_sink, CancellationToken.None);
        using (SqliteConnection other = Raw.Open(Path))
        {
            Raw.Execute(other, "BEGIN IMMEDIATE");
            (await PublishAsync(database, "a")).Error!.Code.ShouldBe(ErrorCode.Unavailable);
            database.Topics.Status.Ready.ShouldBeTrue();
            Raw.Execute(other, "ROLLBACK");
        }

        (await PublishAsync(database, "a")).Offset.ShouldBe(1);
    }

    [Fact]
    public async Task Publish_after_an_operator_wrote_into_the_topic_recovers_by_reading_it_anew()
    {
        await using SqliteDatabase database = await StartAsync(commit => commit());
        await PublishAsync(database, "a");
        Raw.Execute(
            Path,
            """
            INSERT INTO messages (id, topic, "offset", message_id, timestamp, topic_bytes, message)
            SELECT id + 1, topic, "offset" + 1, 'by-hand', timestamp, topic_bytes + 1, '2' FROM messages
            """);
        (await PublishAsync(database, "b")).Error!.Code.ShouldBe(ErrorCode.Unavailable);
        await ReadyAsync(database);
        (await PublishAsync(database, "b")).Offset.ShouldBe(3);
        await _sink.ReachesAsync(3);
        _sink.Messages.Select(message => message.MessageId).ShouldBe(["a", "by-hand", "b"]);
    }

    [Fact]
    public async Task Sink_that_throws_does_not_stop_the_engine()
    {
        await using SqliteDatabase database = TestDatabase.Create(Path);
        await database.Topics.StartAsync(new ThrowingSink(), CancellationToken.None);
        (await PublishAsync(database, "a")).Offset.ShouldBe(1);
        (await PublishAsync(database, "b")).Offset.ShouldBe(2);
        database.Topics.Status.Ready.ShouldBeTrue();
    }

    [Fact]
    public void Disk_is_asked_at_most_once_a_second()
    {
        var time = new ManualTimeProvider();
        int asked = 0;
        var disk = new DiskSpace(10, () => ++asked < 3 ? 9 : 11, time);
        disk.Refresh().ShouldBeTrue();
        disk.BelowFloor.ShouldBeTrue();
        disk.Refresh().ShouldBeFalse();
        time.Advance(TimeSpan.FromMilliseconds(999));
        disk.Refresh().ShouldBeFalse();
        asked.ShouldBe(1);
        time.Advance(TimeSpan.FromMilliseconds(1));
        disk.Refresh().ShouldBeFalse();
        time.Advance(TimeSpan.FromSeconds(1));
        disk.Refresh().ShouldBeTrue();
        (asked, disk.BelowFloor).ShouldBe((3, false));
    }

    [Fact]
    public void Probe_of_the_disk_sees_this_one() => DiskSpace.Probe(Path).ShouldBeInRange(1, long.MaxValue - 1);

    private static readonly Requester Ada = new(new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.Name, "ada")], "test")));

    private static SqliteException Fault() => new("disk I/O error", 10, 10);

    private static async Task<PublishResult> PublishAsync(SqliteDatabase database, string id) =>
        await database.Topics.PublishAsync(new PublishRequest { Topic = Topic, MessageId = id, Payload = "1"u8.ToArray(), Requester = Ada }, CancellationToken.None);

    private static Task ReadyAsync(SqliteDatabase database) => Eventually.HoldsAsync(() => database.Topics.Status.Ready, "the engine is ready");

    private async Task<SqliteDatabase> StartAsync(Action<Action> commit)
    {
        SqliteDatabase database = TestDatabase.Create(Path, null, null, new SqliteSeams { Commit = commit });
        await database.Topics.StartAsync(_sink, CancellationToken.None);
        return database;
    }

    private sealed class ThrowingSink : IMessageSink
    {
        public void OnMessages(ReadOnlySpan<Message> batch) => throw new InvalidOperationException("no");
    }
}
