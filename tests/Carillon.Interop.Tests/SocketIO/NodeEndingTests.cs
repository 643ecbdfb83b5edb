using System.Text.Json;
using Carillon.Interop.Tests.Clients;
using Carillon.Interop.Tests.Servers;
using Carillon.Interop.Tests.Waiting;
using Carillon.SocketIO;

namespace Carillon.Interop.Tests.SocketIO;

/// <summary>How connections of npm's socket.io-client end and begin again: <c>node/scenarios/endings.mjs</c>.</summary>
public sealed class NodeEndingTests(OfficialClients clients)
{
    [Theory]
    [InlineData("leave", ClientKind.NodePolling, "io client disconnect", "client namespace disconnect")]
    [InlineData("leave", ClientKind.NodeUpgrading, "io client disconnect", "client namespace disconnect")]
    [InlineData("kicked", ClientKind.NodePolling, "io server disconnect", "server namespace disconnect")]
    [InlineData("kicked", ClientKind.NodeUpgrading, "io server disconnect", "server namespace disconnect")]
    [InlineData("closed", ClientKind.NodePolling, "transport close", "forced close")]
    [InlineData("closed", ClientKind.NodeUpgrading, "transport close", "forced close")]
    [InlineData("broken", ClientKind.NodeWebSocket, "transport close", "transport close")]
    [InlineData("engineClosed", ClientKind.NodePolling, "forced close", "transport close")]
    [InlineData("engineClosed", ClientKind.NodeWebSocket, "forced close", "transport close")]
    [InlineData("malformed", ClientKind.NodeWebSocket, "transport close", "parse error")]
    public async Task Reason_of_an_end_is_the_same_as_the_reference_servers_on_both_sides(
        string scenario, ClientKind kind, string clientSays, string serverSays)
    {
        JsonElement result = await clients.RunAsync(kind, $"endings/{scenario}");

        result.GetProperty("reason").GetString().ShouldBe(clientSays);
        (await ReasonAsync(clients.Playground, result)).ShouldBe(serverSays);
    }

    [Fact]
    public async Task Malformed_packet_of_a_polling_client_ends_its_session()
    {
        JsonElement result = await clients.RunAsync(ClientKind.NodePolling, "endings/malformed");

        // Its POST is refused and its pending GET is told to close: the client sees one of them first.
        result.GetProperty("reason").GetString().ShouldBeOneOf("transport close", "transport error");
        (await ReasonAsync(clients.Playground, result)).ShouldBe("parse error");
    }

    [Theory]
    [InlineData(ClientKind.NodePolling)]
    [InlineData(ClientKind.NodeWebSocket)]
    public async Task Client_that_answers_no_ping_is_closed_for_ping_timeout(ClientKind kind)
    {
        var playground = new Playground();

        // The client waits for both times from the opening, and again from the ping: the ping may be late by the one, the close by the other.
        var options = new SocketIOOptions { PingInterval = TimeSpan.FromSeconds(2.5), PingTimeout = TimeSpan.FromSeconds(1.5) };
        await using SocketIOApplication application = await SocketIOApplication.StartAsync(playground.Configure, options);

        JsonElement result = await clients.RunAsync(kind, "endings/mute", application.Address);

        result.GetProperty("reason").GetString().ShouldBe("transport close");
        (await ReasonAsync(playground, result)).ShouldBe("ping timeout");
    }

    [Theory]
    [InlineData(ClientKind.NodePolling)]
    [InlineData(ClientKind.NodeWebSocket)]
    public async Task Client_that_hears_no_ping_ends_with_ping_timeout(ClientKind kind)
    {
        var options = new SocketIOOptions { PingInterval = TimeSpan.FromMilliseconds(700), PingTimeout = TimeSpan.FromMilliseconds(300) };
        await using SocketIOApplication application = await SocketIOApplication.StartAsync(new Playground().Configure, options, time: new FrozenTime());

        JsonElement result = await clients.RunAsync(kind, "endings/deaf", application.Address);

        result.GetProperty("reason").GetString().ShouldBe("ping timeout");
    }

    [Theory]
    [InlineData(ClientKind.NodePolling, "transport error")]
    [InlineData(ClientKind.NodeWebSocket, "transport close")]
    public async Task Server_that_stops_is_a_reason_to_come_back(ClientKind kind, string clientSays)
    {
        var playground = new Playground();
        SocketIOApplication application = await SocketIOApplication.StartAsync(playground.Configure);
        ScenarioRun run = clients.Begin(kind, "endings/stopped", application.Address);
        await run.HearAsync("ready");

        await application.DisposeAsync();

        JsonElement result = await run.ResultAsync();
        result.GetProperty("reason").GetString().ShouldBe(clientSays);
        (await ReasonAsync(playground, result)).ShouldBe("server shutting down");
    }

    [Theory]
    [MemberData(nameof(NodeEventTests.Kinds), MemberType = typeof(NodeEventTests))]
    public async Task Client_comes_back_after_a_restart_with_what_it_held_back(ClientKind kind)
    {
        int port = FreePort.Next();
        ScenarioRun run;
        await using (SocketIOApplication first = await SocketIOApplication.StartAsync(new Playground().Configure, port: port))
        {
            run = clients.Begin(kind, "endings/restart", first.Address);
            await run.HearAsync("connected");
        }

        await run.HearAsync("disconnected");
        await using SocketIOApplication second = await SocketIOApplication.StartAsync(new Playground().Configure, port: port);

        JsonElement result = await run.ResultAsync();
        result.GetProperty("answer").GetInt32().ShouldBe(42);
        result.GetProperty("isNew").GetBoolean().ShouldBeTrue();
        result.GetProperty("recovered").GetBoolean().ShouldBeFalse();
        result.GetProperty("losses").GetInt32().ShouldBe(1);
    }

    [Theory]
    [InlineData(ClientKind.NodePolling, "xhr poll error")]
    [InlineData(ClientKind.NodeWebSocket, "websocket error")]
    public async Task Client_that_is_earlier_than_its_server_keeps_trying(ClientKind kind, string error)
    {
        int port = FreePort.Next();
        ScenarioRun run = clients.Begin(kind, "endings/early", new Uri($"http://127.0.0.1:{port}"));
        await run.HearAsync("refused");

        await using SocketIOApplication late = await SocketIOApplication.StartAsync(new Playground().Configure, port: port);

        JsonElement result = await run.ResultAsync();
        result.GetProperty("error").GetString().ShouldBe(error);
        result.GetProperty("answer").GetInt32().ShouldBe(3);
    }

    private static async Task<string> ReasonAsync(Playground playground, JsonElement result)
    {
        string id = result.GetProperty("id").GetString()!;
        return await Eventually.BecomesAsync(
            () => Task.FromResult(playground.Left.TryGetValue(id, out DisconnectReason reason) ? reason.ToString() : ""),
            static reason => reason.Length > 0,
            "why the socket left");
    }
}
