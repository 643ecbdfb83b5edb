using System.Text.Json;
using System.Text.Json.Nodes;
using Carillon.Interop.Tests.Clients;
using Carillon.Interop.Tests.Servers;

namespace Carillon.Interop.Tests.SocketIO;

/// <summary>Rooms as clients of npm's socket.io-client see them; what they see is asserted in <c>node/scenarios/rooms.mjs</c>.</summary>
public sealed class NodeRoomTests(OfficialClients clients)
{
    private const int Crowd = 1000;

    [Theory]
    [MemberData(nameof(NodeEventTests.Kinds), MemberType = typeof(NodeEventTests))]
    public Task Broadcast_reaches_rooms_without_their_exceptions_once(ClientKind kind) => clients.RunAsync(kind, "rooms/broadcast", details: Rooms());

    [Theory]
    [MemberData(nameof(NodeEventTests.Kinds), MemberType = typeof(NodeEventTests))]
    public Task Broadcast_that_asks_tells_who_answered_and_who_did_not(ClientKind kind) => clients.RunAsync(kind, "rooms/poll", details: Rooms());

    [Fact]
    public async Task Thousand_clients_get_one_broadcast_and_all_answer()
    {
        JsonElement result = await clients.RunAsync(
            ClientKind.NodeWebSocket, "rooms/crowd", details: new JsonObject { ["count"] = Crowd, ["room"] = Names.Topic("crowd") });

        result.GetProperty("told").GetInt32().ShouldBe(Crowd);
        result.GetProperty("answered").GetInt32().ShouldBe(Crowd);
        result.GetProperty("missing").GetInt32().ShouldBe(0);
    }

    private static JsonObject Rooms() => new() { ["red"] = Names.Topic("red"), ["blue"] = Names.Topic("blue") };
}
