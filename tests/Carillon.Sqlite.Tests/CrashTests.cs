using System.Diagnostics;
using Carillon.Engines;
using Carillon.Engines.Conformance;
using Carillon.Messages;
using Carillon.Topics;
using Shouldly;
using Xunit;

namespace Carillon.Sqlite.Tests;

/// <summary>The process dies in the middle of publishing; what was acknowledged must be there, and the file must open again.</summary>
public sealed class CrashTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Every_acknowledged_message_survives_the_death_of_the_process_once_and_offsets_stay_gapless()
    {
        string path = _directory.File("pubsub.db");
        string acknowledged = _directory.File("acknowledged");
        for (int round = 1; round <= 3; round++)
        {
            using Process process = ChildProcess.Start(
                typeof(CrashingPublisher), explicitOnly: true,
                (CrashingPublisher.DatabaseVariable, path), (CrashingPublisher.AcknowledgedVariable, acknowledged),
                (CrashingPublisher.RoundVariable, $"{round}"));
            Task<(int ExitCode, string Output)> end = ChildProcess.EndAsync(process);
            int wanted = Lines(acknowledged).Count + 500;
            await Eventually.HoldsAsync(() => process.HasExited || Lines(acknowledged).Count >= wanted, "the publisher is at work");
            process.HasExited.ShouldBeFalse();
            process.Kill();
            await end;

            await using SqliteDatabase database = TestDatabase.Create(path);
            await database.Topics.StartAsync(new RecordingSink(), CancellationToken.None);
            List<Message> stored = await HistoryAsync(database);
            stored.Select(message => message.Offset).ShouldBe(Enumerable.Range(1, stored.Count).Select(i => (long)i));
            stored.Select(message => message.MessageId).Distinct().Count().ShouldBe(stored.Count);
            HashSet<string> ids = [.. stored.Select(message => message.MessageId)];
            Lines(acknowledged).Where(id => !ids.Contains(id)).ShouldBeEmpty();
        }
    }

    private static async Task<List<Message>> HistoryAsync(SqliteDatabase database)
    {
        var stored = new List<Message>();
        long? cursor = null;
        do
        {
            Page<Message> page = await database.Topics.QueryAsync(
                new MessageQuery { Topic = TopicName.Create("t"), Ascending = true, Limit = 1000, Cursor = cursor }, CancellationToken.None);
            stored.AddRange(page.Items);
            cursor = page.Next;
        }
        while (cursor is not null);
        return stored;
    }

    /// <summary>The whole lines; the last may have been cut off with its writer.</summary>
    private static List<string> Lines(string path)
    {
        if (!File.Exists(path))
        {
            return [];
        }

        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(file);
        string text = reader.ReadToEnd();
        return [.. text[..(text.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries)];
    }
}
