using System.Text.Json.Nodes;
using Carillon.Interop.Tests.Clients;
using Carillon.Interop.Tests.Servers;
using Carillon.SocketIO;
using Carillon.SocketIO.Recovery;

namespace Carillon.Interop.Tests.SocketIO;

/// <summary>Clients of npm's socket.io-client that lose their connection and are recovered: <c>node/scenarios/recovery.mjs</c>.</summary>
public sealed class NodeRecoveryTests(OfficialClients clients)
{
    private static readonly SocketIOOptions Recovering = new() { ConnectionStateRecovery = new ConnectionStateRecoveryOptions() };

    [Theory]
    [MemberData(nameof(NodeEventTests.Kinds), MemberType = typeof(NodeEventTests))]
    public async Task Client_that_lost_its_connection_gets_what_it_missed_once_and_in_order(ClientKind kind)
    {
        await using SocketIOApplication application = await SocketIOApplication.StartAsync(new Playground().Configure, Recovering);

        await clients.RunAsync(kind, "recovery/missed", application.Address, Room());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Client_that_was_idle_for_longer_than_events_are_kept_is_recovered(bool hadAnEventBefore)
    {
        const int Pings = 5;
        var options = new SocketIOOptions
        {
            PingInterval = TimeSpan.FromMilliseconds(500),
            ConnectionStateRecovery = new ConnectionStateRecoveryOptions { MaxDisconnectionDuration = TimeSpan.FromSeconds(2) },
        };
        await using SocketIOApplication application = await SocketIOApplication.StartAsync(new Playground().Configure, options);
        JsonObject details = Room();
        details["first"] = hadAnEventBefore;
        details["pings"] = Pings;

        (await clients.RunAsync(ClientKind.NodeWebSocket, "recovery/idle", application.Address, details)).GetBoolean().ShouldBeTrue();
    }

    [Fact]
    public async Task Volatile_event_does_not_disturb_a_recovery()
    {
        await using SocketIOApplication application = await SocketIOApplication.StartAsync(new Playground().Configure, Recovering);

        (await clients.RunAsync(ClientKind.NodeWebSocket, "recovery/volatile", application.Address, Room())).GetBoolean().ShouldBeTrue();
    }

    [Fact]
    public async Task Client_that_missed_more_than_is_kept_begins_anew()
    {
        var options = new SocketIOOptions { ConnectionStateRecovery = new ConnectionStateRecoveryOptions { MaxBytes = 500 } };
        await using SocketIOApplication application = await SocketIOApplication.StartAsync(new Playground().Configure, options);

        (await clients.RunAsync(ClientKind.NodeWebSocket, "recovery/tooMuch", application.Address, Room())).GetBoolean().ShouldBeFalse();
    }

    [Fact]
    public async Task Client_that_left_on_purpose_begins_anew()
    {
        await using SocketIOApplication application = await SocketIOApplication.StartAsync(new Playground().Configure, Recovering);

        (await clients.RunAsync(ClientKind.NodeWebSocket, "recovery/left", application.Address, Room())).GetBoolean().ShouldBeFalse();
    }

    private static JsonObject Room() => new() { ["room"] = Names.Topic("room") };
}
