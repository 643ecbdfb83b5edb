using Shouldly;
using Xunit;

namespace Carillon.SocketIO.Tests.Rooms;

public sealed class RoomTests
{
    [Fact]
    public async Task Events_go_to_the_rooms_they_are_sent_to_and_to_each_socket_once()
    {
        await using TestApplication application = await TestApplication.StartAsync(Members);
        JoinedClient[] clients = await JoinedClient.OpenManyAsync(application, 4);
        await clients[0].AskAsync("421[\"join\",\"a\",\"b\"]");
        await clients[1].AskAsync("421[\"join\",\"b\"]");
        await clients[2].AskAsync("421[\"join\",\"c\",\"c\"]");
        SocketIOServer server = application.Server;

        await server.To("a").EmitAsync("a");
        await server.To("a").To("b").EmitAsync("a or b");
        await server.In("a").Except("b").EmitAsync("a without b");
        await server.To("b", "c", clients[3].Id).EmitAsync("three rooms");
        await server.To(clients[1].Id).EmitAsync("one socket");
        await server.To(clients[0].Id, "a").Except(clients[0].Id).EmitAsync("nobody");
        await server.Except("a", "c").EmitAsync("neither a nor c");
        await server.To("nowhere").EmitAsync("nobody");
        await server.Local.To("c").Compress(false).EmitAsync("local");
        await server.EmitAsync("end");

        (await ReadAsync(clients[0])).ShouldBe(["a", "a or b", "three rooms"]);
        (await ReadAsync(clients[1])).ShouldBe(["a or b", "three rooms", "one socket", "neither a nor c"]);
        (await ReadAsync(clients[2])).ShouldBe(["three rooms", "local"]);
        (await ReadAsync(clients[3])).ShouldBe(["three rooms", "neither a nor c"]);
        server.Of("/").Rooms.Order().ShouldBe(["a", "b", "c"]);
    }

    [Fact]
    public async Task Socket_sends_to_others_without_itself()
    {
        await using TestApplication application = await TestApplication.StartAsync(Members);
        JoinedClient[] clients = await JoinedClient.OpenManyAsync(application, 3);
        await clients[0].AskAsync("421[\"join\",\"a\"]");
        await clients[1].AskAsync("421[\"join\",\"a\"]");
        Socket socket = application.Server.Of("/").Sockets.Single(socket => socket.Id == clients[0].Id);

        await socket.Broadcast.EmitAsync("others");
        await socket.To("a").EmitAsync("others in a");
        await socket.Except("a").EmitAsync("others without a");
        await socket.Volatile.EmitAsync("myself");
        await socket.Compress(true).EmitAsync("myself");
        await socket.EmitAsync("myself", 1, "two", Array.Empty<byte>(), null);
        await application.Server.EmitAsync("end");

        (await clients[0].ReadAsync()).ShouldBe("42[\"myself\"]");
        (await clients[0].ReadAsync()).ShouldBe("42[\"myself\"]");
        (await clients[0].ReadAsync()).ShouldBe("""451-["myself",1,"two",{"_placeholder":true,"num":0},null]""");
        (await clients[0].ReadBinaryAsync()).ShouldBeEmpty();
        (await ReadAsync(clients[0])).ShouldBeEmpty();
        (await ReadAsync(clients[1])).ShouldBe(["others", "others in a"]);
        (await ReadAsync(clients[2])).ShouldBe(["others", "others without a"]);
    }

    [Fact]
    public async Task Leaving_ends_what_comes_and_an_empty_room_is_gone()
    {
        await using TestApplication application = await TestApplication.StartAsync(Members);
        using JoinedClient client = await JoinedClient.OpenAsync(application);

        (await client.AskAsync("421[\"join\",\"a\",\"b\"]")).ShouldBe($"431[[\"{client.Id}\",\"a\",\"b\"]]");
        (await client.AskAsync($"422[\"leave\",\"a\",\"{client.Id}\",\"elsewhere\"]")).ShouldBe($"432[[\"{client.Id}\",\"b\"]]");
        await application.Server.To("a").EmitAsync("gone");
        await application.Server.To(client.Id).EmitAsync("end");

        (await ReadAsync(client)).ShouldBeEmpty();
        application.Server.Of("/").Rooms.ShouldBe(["b"]);
    }

    [Fact]
    public async Task Room_joined_before_the_socket_has_joined_its_namespace_counts_from_the_greeting_on()
    {
        var joined = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using TestApplication application = await TestApplication.StartAsync(server =>
        {
            server.Use(async (socket, _) =>
            {
                socket.Join("early");
                joined.SetResult();
                await release.Task;
                return null;
            });
        });
        using var client = new EngineClient(application.Address);
        using EngineWebSocket socket = await client.OpenWebSocketAsync();
        await socket.ReadAsync();
        await socket.SendAsync("40");
        await joined.Task.WaitAsync(TimeSpan.FromSeconds(30));

        await application.Server.To("early").EmitAsync("too early");
        await application.Server.To("early").DisconnectSocketsAsync(close: true);
        release.SetResult();

        (await socket.ReadAsync()).ShouldStartWith("40{");
        await application.Server.To("early").EmitAsync("in time");
        (await socket.ReadAsync()).ShouldBe("42[\"in time\"]");
    }

    [Fact]
    public async Task Disconnect_handler_still_sees_the_rooms_and_nobody_else_does()
    {
        var seen = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using TestApplication application = await TestApplication.StartAsync(server =>
        {
            Members(server);
            server.OnConnection(socket =>
            {
                socket.Join("a", "b");
                socket.OnDisconnect(_ =>
                {
                    socket.Join("too late");
                    socket.Leave("a");
                    seen.SetResult($"{string.Join(' ', socket.Rooms.Skip(1))}; {string.Join(' ', socket.Namespace.Rooms)}");
                });
            });
        });
        using JoinedClient client = await JoinedClient.OpenAsync(application);

        await client.SendAsync("41");

        (await seen.Task.WaitAsync(TimeSpan.FromSeconds(30))).ShouldBe("a b; ");
    }

    [Fact]
    public async Task Many_sockets_are_found_moved_and_disconnected_at_once()
    {
        await using TestApplication application = await TestApplication.StartAsync(Members);
        JoinedClient[] clients = await JoinedClient.OpenManyAsync(application, 4);
        SocketIOServer server = application.Server;

        await server.Except(clients[3].Id).SocketsJoinAsync("a", "b");
        await server.To(clients[0].Id, clients[1].Id).SocketsLeaveAsync("b", "c");
        await server.To("b").EmitAsync("b");
        await server.To("a").EmitAsync("a");
        await server.EmitAsync("end");
        (await ReadAsync(clients[0])).ShouldBe(["a"]);
        (await ReadAsync(clients[2])).ShouldBe(["b", "a"]);
        (await ReadAsync(clients[3])).ShouldBeEmpty();

        await server.To("b").DisconnectSocketsAsync();
        (await clients[2].ReadAsync()).ShouldBe("41");
        server.Of("/").SocketCount.ShouldBe(3);
        server.ConnectionCount.ShouldBe(4);

        await server.To("a").DisconnectSocketsAsync(close: true);
        (await clients[1].Connection.ReadCloseAsync()).ShouldNotBeNull().Code.ShouldBe(1000);
        await Eventually.BeTrueAsync(() => server.ConnectionCount == 2);
        server.Of("/").Sockets.Select(static socket => socket.Id).ShouldBe([clients[3].Id]);
    }

    internal static void Members(SocketIOServer server) => server.OnConnection(static socket =>
    {
        socket.On("join", (string first, string? second) =>
        {
            socket.Join(second is null ? [first] : [first, second]);
            return socket.Rooms;
        });
        socket.On("leave", (string first, string second, string third) =>
        {
            Array.ForEach([first, second, third], socket.Leave);
            return socket.Rooms;
        });
    });

    // The names of the events up to "end".
    private static async Task<List<string>> ReadAsync(JoinedClient client)
    {
        var names = new List<string>();
        while (await client.ReadAsync() is var packet && packet != "42[\"end\"]")
        {
            names.Add(packet[4..^2]);
        }

        return names;
    }
}
