using System.Net;
using Carillon.AspNetCore.Tests.Events;
using Carillon.Consumers;
using Carillon.Engines;
using Carillon.Messages;
using Carillon.Sqlite;
using Carillon.Topics;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace Carillon.AspNetCore.Tests;

/// <summary>SQL in every parameter of every listing, over a database: it selects nothing that the value does not name, and changes nothing.</summary>
public sealed class SqlParameterTests : IAsyncLifetime
{
    private static readonly string[] Injections =
    [
        "' OR 1=1 --", "' OR '1'='1", "'; DROP TABLE messages; --", "'; DELETE FROM consumptions; --", "1 OR 1=1", "1; DROP TABLE topics", "' UNION SELECT * FROM sqlite_master --", "%", "_%", "*",
        "\" OR \"\"=\"", "x'00'", "1) OR (1=1", "?1", ":topic", "@p0", "NULL",
    ];

    private readonly string _folder = Directory.CreateTempSubdirectory("carillon").FullName;
    private SqliteDatabase _database = null!;
    private EventApplication _app = null!;

    public static TheoryData<string, string> Parameters { get; } = new()
    {
        { "/messages", "topic" },
        { "/messages", "producer" },
        { "/messages", "message_id" },
        { "/messages", "from" },
        { "/messages", "to" },
        { "/messages?topic=t", "after" },
        { "/messages", "order" },
        { "/messages", "limit" },
        { "/messages", "cursor" },
        { "/consumptions", "topic" },
        { "/consumptions", "consumer" },
        { "/consumptions", "from" },
        { "/consumptions", "to" },
        { "/consumptions", "limit" },
        { "/consumptions", "cursor" },
        { "/clients", "topic" },
        { "/clients", "consumer" },
        { "/clients", "from" },
        { "/clients", "to" },
        { "/clients", "limit" },
        { "/clients", "cursor" },
        { "/topics", "limit" },
        { "/topics/t/messages", "after" },
        { "/topics/t/messages", "limit" },
    };

    public async ValueTask InitializeAsync()
    {
        _database = SqliteDatabase.Create(new SqliteOptions { Path = Path.Combine(_folder, "t.db") }, new EngineOptions(), TimeProvider.System, NullLoggerFactory.Instance);
        _app = await EventApplication.StartAsync(storage: (_database.Topics, _database.Consumers));
        await _app.PublishAsync("t", "1", "m1");
        await _app.PublishAsync("t", "2", "m2");
        await _app.Hub.ConsumedAsync(
            new Consumption { Consumer = "c", Topic = TopicName.Create("t"), MessageId = "m1", Message = "null"u8.ToArray(), Timestamp = UnixTime.Now(TimeProvider.System) }, CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        await _database.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [MemberData(nameof(Parameters))]
    public async Task Parameter_that_holds_SQL_selects_nothing_or_is_refused_by_name(string path, string parameter)
    {
        await using EventClient client = await _app.ListenAsync("topic=t");
        string[] listings = ["/messages", "/consumptions", "/clients"];
        string before = string.Concat(await Task.WhenAll(listings.Select(async listing => (await _app.GetAsync(listing)).Text)));
        foreach (string injection in Injections)
        {
            HubApplication.Answer answer = await _app.GetAsync($"{path}{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}{parameter}={Uri.EscapeDataString(injection)}");

            if (answer.Status == HttpStatusCode.OK)
            {
                answer.Text.ShouldBe("[]", injection);
            }
            else
            {
                answer.Status.ShouldBe(HttpStatusCode.BadRequest, injection);
                answer["field"].ShouldBe(parameter, injection);
                answer.Text.ShouldNotContain("SQLite", Case.Insensitive);
            }
        }

        string.Concat(await Task.WhenAll(listings.Select(async listing => (await _app.GetAsync(listing)).Text))).ShouldBe(before);
        await _app.PublishAsync("t", "3");
        (await client.NextAsync("message"))["message"].ShouldBe("3");
    }
}
