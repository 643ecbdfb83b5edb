using Carillon.Engines.Conformance;
using Carillon.Publishing;
using Carillon.Sqlite.Native;
using Carillon.Sqlite.Schema;
using Carillon.Topics;
using Microsoft.Data.Sqlite;
using Shouldly;
using Xunit;

namespace Carillon.Sqlite.Tests;

public sealed class MigrationTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private string Path => _directory.File("pubsub.db");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Migrations_are_numbered_from_1_without_gaps() =>
        Migration.All.Select(migration => migration.Number).ShouldBe(Enumerable.Range(1, Migration.All.Count));

    [Fact]
    public async Task Start_applies_each_migration_once()
    {
        await OpenAndCloseAsync();
        IReadOnlyList<string> first = Raw.Rows(Path, "SELECT number, name, applied_at FROM schema_migrations ORDER BY number");
        first.Count.ShouldBe(Migration.All.Count);
        await OpenAndCloseAsync();
        Raw.Rows(Path, "SELECT number, name, applied_at FROM schema_migrations ORDER BY number").ShouldBe(first);
    }

    [Fact]
    public void Apply_to_an_older_database_adds_what_is_missing_and_keeps_what_is_there()
    {
        using SqliteConnection connection = Raw.Open(Path);
        Migrator.Apply(connection, Path, [Migration.All[0]], TimeProvider.System).Count.ShouldBe(1);
        Raw.Execute(connection, "INSERT INTO topics (name, epoch, created_at) VALUES ('old', 'e', 1)");
        Migrator.Apply(connection, Path, Migration.All, TimeProvider.System).Select(migration => migration.Number)
            .ShouldBe(Migration.All.Skip(1).Select(migration => migration.Number));
        Raw.Rows(connection, "SELECT name FROM topics").ShouldBe(["old"]);
    }

    [Fact]
    public void Apply_of_a_migration_that_fails_half_way_leaves_nothing_of_it()
    {
        using SqliteConnection connection = Raw.Open(Path);
        int shipped = Migration.All.Count;
        var broken = new Migration(shipped + 1, "9999_broken.sql", "CREATE TABLE half (a); INSERT INTO nowhere VALUES (1);");
        Should.Throw<SqliteException>(() => Migrator.Apply(connection, Path, [.. Migration.All, broken], TimeProvider.System));
        Raw.Rows(connection, "SELECT name FROM sqlite_master WHERE name = 'half'").ShouldBeEmpty();
        Raw.Rows(connection, "SELECT max(number) FROM schema_migrations").ShouldBe([$"{shipped}"]);
    }

    [Fact]
    public async Task Start_on_a_database_of_a_newer_version_is_refused_and_changes_nothing()
    {
        await OpenAndCloseAsync();
        Raw.Execute(Path, "INSERT INTO schema_migrations (number, name, applied_at) VALUES (999, '0999_future.sql', 1)");
        byte[] before = await File.ReadAllBytesAsync(Path);
        SqliteDatabaseException error = await Should.ThrowAsync<SqliteDatabaseException>(OpenAndCloseAsync);
        error.Message.ShouldContain("999");
        error.Message.ShouldContain("newer");
        (await File.ReadAllBytesAsync(Path)).ShouldBe(before);
    }

    [Fact]
    public async Task Start_on_a_database_of_another_program_is_refused()
    {
        Raw.Execute(Path, "CREATE TABLE messages (id INTEGER PRIMARY KEY, text TEXT); INSERT INTO messages VALUES (1, 'precious')");
        SqliteDatabaseException error = await Should.ThrowAsync<SqliteDatabaseException>(OpenAndCloseAsync);
        error.Message.ShouldContain("another program");
        Raw.Rows(Path, "SELECT id, text FROM messages").ShouldBe(["1|precious"]);
        Raw.Rows(Path, "SELECT count(*) FROM sqlite_master").ShouldBe(["1"]);
    }

    [Fact]
    public async Task Start_on_a_file_that_is_no_database_is_refused_and_keeps_it()
    {
        byte[] text = "Dear diary, this is no database at all, but it is long enough to look like one.\n"u8.ToArray();
        byte[] content = [.. Enumerable.Repeat(text, 100).SelectMany(line => line)];
        await File.WriteAllBytesAsync(Path, content);
        SqliteDatabaseException error = await Should.ThrowAsync<SqliteDatabaseException>(OpenAndCloseAsync);
        error.Message.ShouldContain(Path);
        error.Message.ShouldContain("not a database");
        (await File.ReadAllBytesAsync(Path)).ShouldBe(content);
    }

    [Fact]
    public async Task Start_in_a_directory_that_does_not_exist_is_refused()
    {
        string path = System.IO.Path.Combine(_directory.File("missing"), "pubsub.db");
        await using SqliteDatabase database = TestDatabase.Create(path);
        SqliteDatabaseException error = await Should.ThrowAsync<SqliteDatabaseException>(
            async () => await database.Topics.StartAsync(new RecordingSink(), CancellationToken.None));
        error.Message.ShouldContain("missing");
    }

    [Fact]
    public async Task The_tables_read_well_in_a_shell()
    {
        await using (SqliteDatabase database = TestDatabase.Create(Path, null, new ManualTimeProvider()))
        {
            await database.Topics.StartAsync(new RecordingSink(), CancellationToken.None);
            var request = new PublishRequest
            {
                Topic = TopicName.Create("notifications"), MessageId = "msg-1", Producer = "admin", Payload = "{\"n\":1}"u8.ToArray(),
            };
            await database.Topics.PublishAsync(request, CancellationToken.None);
        }

        Raw.Rows(
            Path,
            """
            SELECT id, topic, "offset", message_id, message, producer, typeof(message), typeof(timestamp), datetime(timestamp, 'unixepoch') FROM messages
            """).ShouldBe(["1|notifications|1|msg-1|{\"n\":1}|admin|text|real|2026-01-01 00:00:00"]);
        Raw.Rows(Path, "SELECT name || ' ' || length(epoch) FROM topics").ShouldBe(["notifications 8"]);
        Raw.Rows(Path, "PRAGMA table_info(consumptions)").Select(row => row.Split('|')[1])
            .ShouldBe(["id", "consumer", "topic", "message_id", "timestamp", "message"]);
        Raw.Rows(Path, "PRAGMA table_info(subscriptions)").Select(row => row.Split('|')[1])
            .ShouldBe(["sid", "consumer", "topic", "connected_at"]);
        Raw.Rows(Path, "PRAGMA journal_mode").ShouldBe(["wal"]);
    }

    private async Task OpenAndCloseAsync()
    {
        SqliteLibrary.Load(TestDatabase.Library);
        await using SqliteDatabase database = TestDatabase.Create(Path);
        await database.Topics.StartAsync(new RecordingSink(), CancellationToken.None);
    }
}
