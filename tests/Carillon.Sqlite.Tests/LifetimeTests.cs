using Carillon.Engines;
using Carillon.Engines.Conformance;
using Carillon.Publishing;
using Carillon.Topics;
using Shouldly;
using Xunit;

namespace Carillon.Sqlite.Tests;

public sealed class LifetimeTests : IDisposable
{
    private static readonly TopicName Topic = TopicName.Create("t");

    private readonly TemporaryDirectory _directory = new();

    private string Path => _directory.File("pubsub.db");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Start_on_a_file_that_is_open_elsewhere_is_refused()
    {
        await using SqliteDatabase first = TestDatabase.Create(Path);
        await first.Topics.StartAsync(new RecordingSink(), CancellationToken.None);
        await using SqliteDatabase second = TestDatabase.Create(Path);
        SqliteDatabaseException error = await Should.ThrowAsync<SqliteDatabaseException>(
            async () => await second.Topics.StartAsync(new RecordingSink(), CancellationToken.None));
        error.Message.ShouldContain("in use by another process");

        string link = _directory.File("link.db");
        File.CreateSymbolicLink(link, Path);
        await using SqliteDatabase third = TestDatabase.Create(link);
        await Should.ThrowAsync<SqliteDatabaseException>(async () => await third.Topics.StartAsync(new RecordingSink(), CancellationToken.None));

        await first.DisposeAsync();
        await second.Topics.StartAsync(new RecordingSink(), CancellationToken.None);
    }

    [Fact]
    public async Task Start_twice_is_refused()
    {
        await using SqliteDatabase database = TestDatabase.Create(Path);
        await database.Topics.StartAsync(new RecordingSink(), CancellationToken.None);
        await Should.ThrowAsync<InvalidOperationException>(async () => await database.Topics.StartAsync(new RecordingSink(), CancellationToken.None));
    }

    [Fact]
    public async Task Start_of_the_store_before_the_engine_is_refused()
    {
        await using SqliteDatabase database = TestDatabase.Create(Path);
        await Should.ThrowAsync<InvalidOperationException>(async () => await database.Consumers.StartAsync(CancellationToken.None));
    }

    [Fact]
    public async Task Dispose_leaves_one_file_with_everything_in_it()
    {
        SqliteDatabase database = TestDatabase.Create(Path);
        await database.Topics.StartAsync(new RecordingSink(), CancellationToken.None);
        await PublishManyAsync(database, 100);
        new FileInfo(Path + "-wal").Length.ShouldBeGreaterThan(0);
        await Task.WhenAll(database.DisposeAsync().AsTask(), database.DisposeAsync().AsTask());
        File.Exists(Path + "-wal").ShouldBeFalse();
        File.Copy(Path, _directory.File("copy.db"));
        Raw.Rows(_directory.File("copy.db"), "SELECT count(*) FROM messages").ShouldBe(["100"]);
        await Should.ThrowAsync<ObjectDisposedException>(async () => await database.Topics.QueryAsync(new MessageQuery(), CancellationToken.None));
    }

    [Fact]
    public async Task Dispose_of_the_engine_leaves_the_store_working()
    {
        await using SqliteDatabase database = TestDatabase.Create(Path);
        await database.Topics.StartAsync(new RecordingSink(), CancellationToken.None);
        await database.Topics.DisposeAsync();
        await database.Consumers.StartAsync(CancellationToken.None);
        (await database.Consumers.RemoveSubscriptionsAsync("s", null, CancellationToken.None)).ShouldBeNull();
    }

    [Fact]
    public async Task Publish_beyond_the_capacity_of_the_queue_waits_for_room()
    {
        using var gate = new ManualResetEventSlim(initialState: true);
        var seams = new SqliteSeams
        {
            Commit = commit =>
            {
                gate.Wait();
                commit();
            },
        };
        await using SqliteDatabase database = TestDatabase.Create(TestDatabase.Options(Path) with { QueueCapacity = 2 }, null, null, seams);
        var sink = new RecordingSink();
        await database.Topics.StartAsync(sink, CancellationToken.None);
        gate.Reset();
        Task<PublishResult>[] publishes = [.. Enumerable.Range(0, 50).Select(i => PublishAsync(database, $"m{i}", CancellationToken.None))];
        publishes.ShouldAllBe(publish => !publish.IsCompleted);

        using var giveUp = new CancellationTokenSource();
        Task<PublishResult> impatient = PublishAsync(database, "impatient", giveUp.Token);
        await giveUp.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => impatient);

        gate.Set();
        PublishResult[] results = await Task.WhenAll(publishes);
        results.Select(result => result.Offset).Order().ShouldBe(Enumerable.Range(1, 50).Select(i => (long)i));
        await sink.ReachesAsync(50);
        sink.Messages.ShouldNotContain(message => message.MessageId == "impatient");
    }

    [Fact]
    public async Task Continuations_of_publishers_never_run_on_the_writer_thread()
    {
        await using SqliteDatabase database = TestDatabase.Create(Path);
        await database.Topics.StartAsync(new RecordingSink(), CancellationToken.None);
        for (int i = 0; i < 20; i++)
        {
            await database.Topics.PublishAsync(new PublishRequest { Topic = Topic, Payload = "1"u8.ToArray() }, CancellationToken.None);
            Thread.CurrentThread.Name.ShouldNotBe("carillon-sqlite-writer");
        }
    }

    [Fact]
    public async Task Log_that_is_checkpointed_stays_small_while_messages_arrive_and_readers_overlap()
    {
        SqliteOptions options = TestDatabase.Options(Path) with { CheckpointBytes = 256 << 10 };
        await using SqliteDatabase database = TestDatabase.Create(options);
        await database.Topics.StartAsync(new RecordingSink(), CancellationToken.None);
        using var stop = new CancellationTokenSource();
        Task[] readers = [.. Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                await database.Topics.QueryAsync(new MessageQuery { Limit = 100 }, CancellationToken.None);
            }
        }))];
        for (int i = 0; i < 40; i++)
        {
            await PublishManyAsync(database, 250, new string('x', 2000));
        }

        await stop.CancelAsync();
        await Task.WhenAll(readers);
        new FileInfo(Path).Length.ShouldBeGreaterThan(15 << 20);
        new FileInfo(Path + "-wal").Length.ShouldBeLessThan(8 << 20);
    }

    [Theory]
    [InlineData("Path")]
    [InlineData("CacheBytes")]
    [InlineData("CheckpointBytes")]
    [InlineData("QueueCapacity")]
    [InlineData("Readers")]
    [InlineData("BusyTimeout")]
    [InlineData("MinFreeDiskBytes")]
    [InlineData("Synchronous")]
    [InlineData("NativeLibrary")]
    public void Create_with_a_setting_out_of_range_names_it(string option)
    {
        SqliteOptions good = TestDatabase.Options(Path);
        SqliteOptions bad = option switch
        {
            "Path" => good with { Path = " " },
            "CacheBytes" => good with { CacheBytes = 1 },
            "CheckpointBytes" => good with { CheckpointBytes = 1 },
            "QueueCapacity" => good with { QueueCapacity = 0 },
            "Readers" => good with { Readers = 65 },
            "BusyTimeout" => good with { BusyTimeout = TimeSpan.FromSeconds(-1) },
            "MinFreeDiskBytes" => good with { MinFreeDiskBytes = -1 },
            "Synchronous" => good with { Synchronous = (SynchronousMode)7 },
            _ => good with { NativeLibrary = (NativeLibraryChoice)7 },
        };
        Should.Throw<ArgumentException>(() => TestDatabase.Create(bad)).Message.ShouldContain($"'{option}'");
    }

    [Fact]
    public void Create_with_a_dedupe_window_that_is_too_short_names_it() =>
        Should.Throw<ArgumentException>(() => TestDatabase.Create(Path, new EngineOptions { DedupeWindow = TimeSpan.FromMinutes(9) }))
            .Message.ShouldContain("DedupeWindow");

    private static Task<PublishResult[]> PublishManyAsync(SqliteDatabase database, int count, string text = "") =>
        Task.WhenAll(Enumerable.Range(0, count).Select(_ => database.Topics.PublishAsync(
            new PublishRequest { Topic = Topic, Payload = System.Text.Encoding.UTF8.GetBytes($"\"{text}\"") }, CancellationToken.None).AsTask()));

    private static async Task<PublishResult> PublishAsync(SqliteDatabase database, string id, CancellationToken cancellationToken) =>
        await database.Topics.PublishAsync(new PublishRequest { Topic = Topic, MessageId = id, Payload = "1"u8.ToArray() }, cancellationToken);
}
