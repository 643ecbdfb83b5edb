using System.Text.Json.Nodes;
using Carillon.Interop.Tests.Clients;
using Carillon.Interop.Tests.Http;
using Carillon.Interop.Tests.Servers;
using Carillon.Interop.Tests.SocketIO;

namespace Carillon.Interop.Tests.Streams;

/// <summary>The browser's own <c>EventSource</c> in headless Chromium, against the program: <c>node/scenarios/page.mjs</c>.</summary>
public sealed class EventSourceTests(OfficialClients clients)
{
    private static readonly string[] Topics = ["orders", "alerts é"];

    [Fact]
    public async Task EventSource_comes_back_by_itself_after_the_server_was_killed_and_misses_nothing()
    {
        using var folder = new TemporaryFolder();
        var settings = new ServerSettings { Database = folder.Database, Port = FreePort.Next() };
        ScenarioRun run;
        await using (var server = await ServerProcess.StartAsync(settings))
        {
            run = clients.Begin(ClientKind.NodeWebSocket, "page/eventSource", server.Address, new JsonObject { ["topics"] = new JsonArray([.. Topics]) });
            await run.HearAsync("listening");
            await PublishAsync(server, 1, 10);
            await HasAsync(run, 10);
            await server.KillAsync();
        }

        await using var restarted = await ServerProcess.StartAsync(settings);
        await PublishAsync(restarted, 11, 20); // Before the page is back: it waits for 2 s.
        await HasAsync(run, 20);
        await PublishAsync(restarted, 21, 25);
        await HasAsync(run, 25);
        run.Tell("end");

        var seen = await run.ResultAsync();
        foreach (var topic in Topics)
        {
            seen.GetProperty("messages").EnumerateArray().Where(message => message.Text("topic") == topic).Select(message => message.GetProperty("message").GetInt32())
                .ShouldBe(Enumerable.Range(1, 25).Where(number => TopicOf(number) == topic));
        }

        seen.GetProperty("errors").GetInt32().ShouldBePositive();
        seen.GetProperty("ids").EnumerateArray().Select(id => id.GetString()).ShouldBeUnique();
        var subscribed = seen.GetProperty("subscribed").EnumerateArray().ToList();
        subscribed.Select(start => start.Text("topic")).ShouldBe([.. Topics, .. Topics]);
        subscribed.ShouldAllBe(start => start.GetProperty("recovered").GetBoolean());
    }

    private static string TopicOf(int number) => Topics[number % Topics.Length];

    private static async Task PublishAsync(ServerProcess server, int first, int last)
    {
        for (var number = first; number <= last; number++)
        {
            await server.Api.PublishOkAsync(TopicOf(number), number);
        }
    }

    private static async Task HasAsync(ScenarioRun run, int messages)
    {
        run.Tell($"{messages}");
        await run.HearAsync($"{messages}");
    }
}
