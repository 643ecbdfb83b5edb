using System.Text.Json.Nodes;
using Carillon.Interop.Tests.Clients;
using Carillon.Interop.Tests.Waiting;
using Carillon.SocketIO;

namespace Carillon.Interop.Tests.SocketIO;

/// <summary>What npm's socket.io-client sends and gets; what it sees is asserted in <c>node/scenarios/events.mjs</c>.</summary>
public sealed class NodeEventTests(OfficialClients clients)
{
    private const int Limit = 1_000_000;

    public static TheoryData<ClientKind> Kinds => [ClientKind.NodePolling, ClientKind.NodeWebSocket, ClientKind.NodeUpgrading];

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Events_go_both_ways_in_order(ClientKind kind) =>
        (await clients.RunAsync(kind, "events/exchange")).GetString().ShouldBe(kind.FinalTransport());

    [Theory]
    [MemberData(nameof(Kinds))]
    public Task Acknowledgements_go_both_ways_and_time_out_where_none_comes(ClientKind kind) => clients.RunAsync(kind, "events/acknowledgements");

    [Fact]
    public async Task Question_to_a_client_that_leaves_ends_at_once()
    {
        var playground = new Playground();
        await using SocketIOApplication application = await SocketIOApplication.StartAsync(playground.Configure);

        await clients.RunAsync(ClientKind.NodeWebSocket, "events/unanswered", application.Address);

        await Eventually.BecomesAsync(() => Task.FromResult(playground.Unanswered.Count), static count => count == 1, "the end of the question");
        playground.Unanswered.Single().ShouldBeOfType<SocketDisconnectedException>().Reason!.Value.Cause.ShouldBe(DisconnectCause.ClientNamespaceDisconnect);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Binary_data_goes_both_ways_at_any_depth(ClientKind kind) => (await clients.RunAsync(kind, "events/binary")).GetBoolean().ShouldBeTrue();

    [Theory]
    [InlineData(ClientKind.NodePolling, "transport error")]
    [InlineData(ClientKind.NodeWebSocket, "transport close")]
    [InlineData(ClientKind.NodeUpgrading, "transport close")]
    public async Task Payload_of_the_limit_goes_both_ways_and_one_over_it_ends_its_client(ClientKind kind, string reason) =>
        (await clients.RunAsync(kind, "events/large", details: new JsonObject { ["limit"] = Limit })).GetString().ShouldBe(reason);

    [Theory]
    [InlineData(ClientKind.NodePolling, 1, 100)]
    [InlineData(ClientKind.NodeWebSocket, 1, 200)]
    public async Task Volatile_events_arrive_in_order_or_not_at_all(ClientKind kind, int atLeast, int atMost) =>
        (await clients.RunAsync(kind, "events/volatile")).GetInt32().ShouldBeInRange(atLeast, atMost);

    [Theory]
    [MemberData(nameof(Kinds))]
    public Task Namespaces_refuse_and_admit_over_one_connection(ClientKind kind) => clients.RunAsync(kind, "events/namespaces");
}
