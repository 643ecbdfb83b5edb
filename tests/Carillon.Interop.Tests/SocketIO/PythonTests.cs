using System.Text.Json.Nodes;
using Carillon.Interop.Tests.Clients;
using Carillon.Interop.Tests.Servers;

namespace Carillon.Interop.Tests.SocketIO;

/// <summary>What Debian's python3-socketio sends, gets and sees, asserted in <c>python/scenarios/stock.py</c>.</summary>
public sealed class PythonTests(OfficialClients clients)
{
    public static TheoryData<ClientKind> Kinds => [ClientKind.PythonPolling, ClientKind.PythonWebSocket];

    [Theory]
    [MemberData(nameof(Kinds))]
    [InlineData(ClientKind.PythonUpgrading)]
    public async Task Events_and_acknowledgements_go_both_ways_with_binary_data(ClientKind kind) =>
        (await clients.RunAsync(kind, "stock/events")).GetString().ShouldBe(kind.FinalTransport());

    [Theory]
    [MemberData(nameof(Kinds))]
    public Task Namespaces_refuse_and_admit_over_one_connection(ClientKind kind) => clients.RunAsync(kind, "stock/namespaces");

    [Theory]
    [MemberData(nameof(Kinds))]
    public Task Rooms_reach_their_members_only(ClientKind kind) =>
        clients.RunAsync(kind, "stock/rooms", details: new JsonObject { ["red"] = Names.Topic("red") });

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Client_comes_back_after_a_restart(ClientKind kind)
    {
        int port = FreePort.Next();
        ScenarioRun run;
        await using (SocketIOApplication first = await SocketIOApplication.StartAsync(new Playground().Configure, port: port))
        {
            run = clients.Begin(kind, "stock/restart", first.Address);
            await run.HearAsync("connected");
        }

        await run.HearAsync("disconnected");
        await using SocketIOApplication second = await SocketIOApplication.StartAsync(new Playground().Configure, port: port);

        (await run.ResultAsync()).GetInt32().ShouldBe(42);
    }
}
