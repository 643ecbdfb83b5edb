using System.Text.Json.Nodes;
using Carillon.Interop.Tests.Clients;
using Carillon.Interop.Tests.Servers;
using Carillon.Interop.Tests.SocketIO;

namespace Carillon.Interop.Tests.Streams;

/// <summary>WebSocket clients that know nothing of Carillon, against the program: the browser's own, and Debian's python3-websockets.</summary>
public sealed class WebSocketJsonTests(OfficialClients clients, SharedProcesses shared)
{
    [Fact]
    public async Task WebSocket_of_a_browser_publishes_and_comes_back_for_what_it_missed_over_a_restart()
    {
        using var folder = new TemporaryFolder();
        var settings = new ServerSettings { Database = folder.Database, Port = FreePort.Next() };
        ScenarioRun run;
        await using (var server = await ServerProcess.StartAsync(settings))
        {
            run = clients.Begin(ClientKind.NodeWebSocket, "page/webSocket", server.Address, new JsonObject { ["topic"] = "orders é" });
            await run.HearAsync("left");
            await server.Api.PublishOkAsync("orders é", 2);
            await server.KillAsync();
        }

        await using var restarted = await ServerProcess.StartAsync(settings);
        await restarted.Api.PublishOkAsync("orders é", 3);
        run.Tell("published 2 and 3");
        await run.ResultAsync();
    }

    [Theory]
    [InlineData(null)]
    [InlineData("carillon.json")]
    [InlineData("carillon.ndjson")]
    public async Task Python_websockets_publishes_and_comes_back_for_what_it_missed(string? subprotocol) =>
        await clients.RunAsync(ClientKind.PythonWebSocket, "topics/websocket", shared.Server.Address, new JsonObject { ["topic"] = Names.Topic(), ["subprotocol"] = subprotocol });
}
