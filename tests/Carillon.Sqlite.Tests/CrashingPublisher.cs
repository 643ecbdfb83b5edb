using Carillon.Engines.Conformance;
using Carillon.Publishing;
using Carillon.Topics;
using Xunit;

namespace Carillon.Sqlite.Tests;

/// <summary>Runs only in a child process, which its parent kills: publishes without end and notes each id that was acknowledged.</summary>
public sealed class CrashingPublisher
{
    public const string DatabaseVariable = "CARILLON_TEST_DATABASE";
    public const string AcknowledgedVariable = "CARILLON_TEST_ACKNOWLEDGED";
    public const string RoundVariable = "CARILLON_TEST_ROUND";

    [Fact(Explicit = true)]
    public async Task Publishes_until_it_is_killed()
    {
        string path = Environment.GetEnvironmentVariable(DatabaseVariable) ?? throw new InvalidOperationException("Not started by its parent");
        string round = Environment.GetEnvironmentVariable(RoundVariable)!;
        await using var acknowledged = new FileStream(
            Environment.GetEnvironmentVariable(AcknowledgedVariable)!, FileMode.Append, FileAccess.Write, FileShare.ReadWrite);
        using var one = new SemaphoreSlim(1);
        await using SqliteDatabase database = TestDatabase.Create(path);
        await database.Topics.StartAsync(new RecordingSink(), CancellationToken.None);
        await Task.WhenAll(Enumerable.Range(0, 16).Select(publisher => Task.Run(async () =>
        {
            for (int i = 0; ; i++)
            {
                string id = $"{round}-{publisher}-{i}";
                var request = new PublishRequest { Topic = TopicName.Create("t"), MessageId = id, Payload = "{\"n\":1}"u8.ToArray() };
                PublishResult result = await database.Topics.PublishAsync(request, CancellationToken.None);
                if (!result.Accepted)
                {
                    throw new InvalidOperationException(result.Error.Message);
                }

                await one.WaitAsync();
                await acknowledged.WriteAsync(System.Text.Encoding.UTF8.GetBytes(id + "\n"));
                await acknowledged.FlushAsync();
                one.Release();
            }
        })));
    }
}
