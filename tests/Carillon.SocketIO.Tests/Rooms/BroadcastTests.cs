using System.Text.Json;
using System.Text.Json.Serialization;
using Shouldly;
using Xunit;

namespace Carillon.SocketIO.Tests.Rooms;

public sealed class BroadcastTests
{
    [Fact]
    public async Task Members_of_a_room_see_concurrent_events_in_the_same_order()
    {
        await using TestApplication application = await TestApplication.StartAsync(static server => server.OnConnection(static socket =>
        {
            socket.Join("room");
            socket.On("send", (int number) => socket.Namespace.To("room").EmitAsync("e", socket.Id, number));
        }));
        JoinedClient[] clients = await JoinedClient.OpenManyAsync(application, 6);
        await application.AllAreInAsync("room");
        const int each = 100;

        Task[] sending =
        [
            .. clients.Take(3).Select(client => Task.Run(async () =>
            {
                for (int i = 0; i < each; i++)
                {
                    await client.SendAsync($"42[\"send\",{i}]");
                }
            })),
            Task.Run(async () =>
            {
                for (int i = 0; i < each; i++)
                {
                    await application.Server.To("room").EmitAsync("e", "server", i);
                }
            }),
        ];
        string[][] seen = await Task.WhenAll(clients.Select(async client =>
        {
            var packets = new string[4 * each];
            for (int i = 0; i < packets.Length; i++)
            {
                packets[i] = await client.ReadAsync();
            }

            return packets;
        }));
        await Task.WhenAll(sending);

        foreach (string[] other in seen.Skip(1))
        {
            other.SequenceEqual(seen[0]).ShouldBeTrue();
        }

        seen[0].Where(static packet => packet.Contains("server")).ShouldBe(Enumerable.Range(0, each).Select(static i => $"42[\"e\",\"server\",{i}]"));
        Array.ForEach(clients, static client => client.Dispose());
    }

    [Fact]
    public async Task Sockets_that_join_leave_and_vanish_leave_no_room_behind()
    {
        await using TestApplication application = await TestApplication.StartAsync(RoomTests.Members);
        SocketNamespace target = application.Server.Of("/");
        using var stop = new CancellationTokenSource();
        Task broadcasting = Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                await application.Server.To("r0", "r1", "r2").Except("r3").EmitAsync("noise");
                await application.Server.To("r4").SocketsJoinAsync("r5");
                await Task.Yield();
            }
        });

        await Parallel.ForAsync(0, 60, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (i, _) =>
        {
            var random = new Random(i);
            using JoinedClient client = await JoinedClient.OpenAsync(application);
            for (int step = 0; step < 20; step++)
            {
                await client.SendAsync($"42[\"{(random.Next(3) > 0 ? "join" : "leave")}\",\"r{random.Next(6)}\",\"r{random.Next(6)}\",\"r{random.Next(6)}\"]");
            }

            if (i % 2 == 0)
            {
                await client.SendAsync("41");
            }
        });
        await Eventually.BeTrueAsync(() => application.Server.ConnectionCount == 0 && target.SocketCount == 0);
        await stop.CancelAsync();
        await broadcasting;

        target.Rooms.ShouldBeEmpty();
        target.Sockets.ShouldBeEmpty();
        application.Log.Entries.ShouldNotContain(static entry => entry.Level >= Microsoft.Extensions.Logging.LogLevel.Error);
    }

    [Fact]
    public async Task Event_is_serialized_once_for_all()
    {
        int[] counts = new int[1];
        var json = new JsonSerializerOptions(JsonSerializerDefaults.Web) { Converters = { new CountingConverter(counts) } };
        await using SocketIOServer server = DetachedClient.CreateServer(new SocketIOOptions { Json = json });
        DetachedClient[] clients = await JoinManyAsync(server, 20);

        await server.To("room").EmitAsync("counted", new Counted());

        counts[0].ShouldBe(1);
        clients.Select(static client => client.Take().Single()).Distinct().Count().ShouldBe(1); // The same frame.
    }

    [Theory]
    [InlineData("room")]
    [InlineData("everyone")]
    [InlineData("two rooms")]
    public async Task Broadcast_allocates_nothing_for_each_subscriber(string audience)
    {
        long few = await AllocatedAsync(10, audience);
        long many = await AllocatedAsync(1000, audience);

        many.ShouldBe(few);
    }

    private static async Task<long> AllocatedAsync(int members, string audience)
    {
        await using SocketIOServer server = DetachedClient.CreateServer();
        DetachedClient[] clients = await JoinManyAsync(server, members);
        BroadcastEmitter target = audience switch
        {
            "room" => server.To("room").Except("nobody"),
            "everyone" => server,
            _ => server.To("room").To("other"),
        };
        const int events = 4; // No more than an outbox keeps room for.
        long allocated = 0;
        for (int round = 0; round < 20; round++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < events; i++)
            {
                target.EmitAsync("event", "some text").AsTask().IsCompletedSuccessfully.ShouldBeTrue();
            }

            allocated = GC.GetAllocatedBytesForCurrentThread() - before; // The last round's, when all is warm.
            foreach (DetachedClient client in clients)
            {
                client.Take().Length.ShouldBe(events);
            }
        }

        return allocated;
    }

    private static async Task<DetachedClient[]> JoinManyAsync(SocketIOServer server, int count)
    {
        server.OnConnection(static socket => socket.Join("room", "other"));
        DetachedClient[] clients = [.. Enumerable.Range(0, count).Select(_ => new DetachedClient(server))];
        foreach (DetachedClient client in clients)
        {
            await client.ReceiveAsync("40");
            client.Take().Length.ShouldBe(1);
        }

        return clients;
    }

    private sealed class Counted;

    private sealed class CountingConverter(int[] counts) : JsonConverter<Counted>
    {
        public override Counted Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => throw new NotSupportedException();

        public override void Write(Utf8JsonWriter writer, Counted value, JsonSerializerOptions options) => writer.WriteNumberValue(++counts[0]);
    }
}
