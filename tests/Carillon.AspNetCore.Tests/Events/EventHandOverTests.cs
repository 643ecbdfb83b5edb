using System.Diagnostics;
using Carillon.Consumers;
using Carillon.Engines;
using Carillon.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace Carillon.AspNetCore.Tests.Events;

/// <summary>Clients that come, leave in the middle and come back while a topic is published to at 10,000 messages a second.</summary>
public sealed class EventHandOverTests
{
    private const int Messages = 20_000;
    private const int Rate = 10_000;
    private static readonly TimeSpan Slice = TimeSpan.FromMilliseconds(10);

    [Theory]
    [InlineData(false, "topic=flood")]
    [InlineData(true, "topic=flood")]
    [InlineData(true, "topic=flood&topic=quiet")]
    public async Task Client_that_comes_back_again_and_again_gets_each_message_once_and_in_order(bool onDisk, string query)
    {
        string folder = Directory.CreateTempSubdirectory("carillon").FullName;
        SqliteDatabase? database = onDisk
            ? SqliteDatabase.Create(new SqliteOptions { Path = Path.Combine(folder, "t.db") }, new EngineOptions(), TimeProvider.System, NullLoggerFactory.Instance)
            : null;
        (ITopicEngine, IConsumerStore)? storage = database is null ? null : (database.Topics, database.Consumers);
        await using (EventApplication app = await EventApplication.StartAsync(storage: storage))
        {
            Task publishing = PublishAsync(app);
            List<int> leavings = await FollowAsync(app, query);
            await publishing;
            leavings.Count.ShouldBeGreaterThan(5);
        }

        if (database is not null)
        {
            await database.DisposeAsync();
        }

        Directory.Delete(folder, recursive: true);
    }

    // Returns after which messages it left.
    private static async Task<List<int>> FollowAsync(EventApplication app, string query)
    {
        var random = new Random(1);
        List<int> leavings = [];
        int last = 0;
        string id = string.Empty;
        while (last < Messages)
        {
            await using EventClient client = id.Length == 0
                ? await app.OpenAsync($"{query}&since=earliest")
                : await app.OpenAsync(query, ("Last-Event-ID", id));
            for (int most = random.Next(1, 3000); most > 0 && last < Messages;)
            {
                ReceivedEvent received = (await client.NextAsync()).ShouldNotBeNull();
                id = received.LastEventId;
                if (received.Name == "message")
                {
                    most--;
                    int number = received.Json.GetProperty("message").GetInt32();
                    number.ShouldBe(last + 1);
                    last = number;
                }
                else
                {
                    received["recovered"].ShouldBe("True");
                }
            }

            leavings.Add(last);
        }

        return leavings;
    }

    private static async Task PublishAsync(EventApplication app)
    {
        var clock = Stopwatch.StartNew();
        List<Task> open = [];
        for (int i = 1; i <= Messages;)
        {
            for (int due = (int)Math.Min(Messages, clock.Elapsed.TotalSeconds * Rate); i <= due; i++)
            {
                open.Add(app.PublishAsync("flood", $"{i}"));
            }

            await Task.Delay(Slice);
        }

        await Task.WhenAll(open);
    }
}
