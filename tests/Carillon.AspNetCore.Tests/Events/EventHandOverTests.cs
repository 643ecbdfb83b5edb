using System.Diagnostics;
using Carillon.Consumers;
using Carillon.Consumers.InMemory;
using Carillon.Engines;
using Carillon.Engines.InMemory;
using Carillon.Messages;
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

    [Theory]
    [InlineData("topic=t")]
    [InlineData("topic=t&topic=quiet")]
    public async Task Messages_of_the_very_moment_of_the_hand_over_come_once_and_in_order(string query)
    {
        var engine = new BusyEngine(new InMemoryTopicEngine(new EngineOptions(), TimeProvider.System));
        await using EventApplication app = await EventApplication.StartAsync(storage: (engine, new InMemoryConsumerStore()));
        await using EventClient live = await app.ListenAsync("topic=t");
        int published = 0;
        async Task PublishTwoAsync()
        {
            for (int i = 0; i < 2; i++)
            {
                await app.PublishAsync("t", $"{++published}");
                await live.NextAsync("message"); // Fan-out has it.
            }
        }

        await PublishTwoAsync();
        string id = live.LastEventId;
        await PublishTwoAsync();
        Task read = engine.PublishWhenReadAsync(PublishTwoAsync);
        await using EventClient client = await app.OpenAsync(query, ("Last-Event-ID", id));
        await read.WaitAsync(TimeSpan.FromSeconds(20));
        await PublishTwoAsync();

        for (int i = 3; i <= 10; i++)
        {
            ReceivedEvent received = (await client.NextAsync()).ShouldNotBeNull();
            while (received.Name == "subscribed")
            {
                received = (await client.NextAsync()).ShouldNotBeNull();
            }

            received["message"].ShouldBe($"{i}");
        }
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

    /// <summary>An engine that can be published to while it is read: what comes before is in the page and in what fan-out offers, what comes after in the latter alone.</summary>
    private sealed class BusyEngine(ITopicEngine engine) : WrappedEngine(engine)
    {
        private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private Func<Task>? _publish;

        /// <summary>Calls <paramref name="publish"/> before and after the next read; complete when both are done.</summary>
        public Task PublishWhenReadAsync(Func<Task> publish)
        {
            Volatile.Write(ref _publish, publish);
            return _done.Task;
        }

        public override async ValueTask<Page<Message>> QueryAsync(MessageQuery query, CancellationToken cancellationToken)
        {
            if (Interlocked.Exchange(ref _publish, null) is not { } publish)
            {
                return await base.QueryAsync(query, cancellationToken);
            }

            await publish();
            Page<Message> page = await base.QueryAsync(query, cancellationToken);
            await publish();
            _done.SetResult();
            return page;
        }
    }
}
