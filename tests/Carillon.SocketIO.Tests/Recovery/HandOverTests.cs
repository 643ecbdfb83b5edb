using System.Text.Json;
using Carillon.Connections;
using Carillon.SocketIO.Recovery;
using Shouldly;
using Xunit;
using static Carillon.SocketIO.Tests.Recovery.RecoveringClient;

namespace Carillon.SocketIO.Tests.Recovery;

/// <summary>The seam between what was missed and what is sent from then on.</summary>
public sealed class HandOverTests
{
    [Fact]
    public async Task Nothing_is_lost_doubled_or_disordered_while_clients_come_and_go()
    {
        const int Noise = 40; // Events for others, so that what was missed fills several portions.
        await using TestApplication application = await StartAsync(new SocketIOOptions { ConnectionStateRecovery = new ConnectionStateRecoveryOptions() });
        (EngineWebSocket socket, string sid, string pid) = await ConnectAsync(application);
        using var stop = new CancellationTokenSource();
        int[] sent = [0, 0];
        int[] last = [-1, -1];
        Task[] sending = [.. sent.Select((_, sender) => Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                if (Volatile.Read(ref sent[sender]) - Volatile.Read(ref last[sender]) < 250)
                {
                    await application.Server.EmitAsync("n", sender, ++sent[sender]);
                    for (int i = 0; i < Noise; i++)
                    {
                        await application.Server.To("others").EmitAsync("noise", i);
                    }
                }

                await Task.Yield();
            }
        }))];

        string? offset = null;
        for (int round = 0; round < 20; round++)
        {
            for (int i = 0; i < 100; i++)
            {
                JsonElement packet = JsonDocument.Parse((await socket.ReadAsync()).AsMemory(2)).RootElement;
                (int sender, int number) = (packet[1].GetInt32(), packet[2].GetInt32());
                number.ShouldBe(last[sender] < 0 ? number : last[sender] + 1);
                Volatile.Write(ref last[sender], number);
                offset = packet[3].GetString();
            }

            socket.Socket.Abort();
            (socket, string sidAgain, _) = await ConnectAsync(application, pid, offset);
            sidAgain.ShouldBe(sid);
        }

        await stop.CancelAsync();
        await Task.WhenAll(sending);
    }

    [Fact]
    public async Task Offset_gets_one_digit_more_without_a_change_of_the_event()
    {
        await using TestApplication application = await StartAsync(new SocketIOOptions { ConnectionStateRecovery = new ConnectionStateRecoveryOptions() });
        (EngineWebSocket first, string sid, string pid) = await ConnectAsync(application);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(sender => Task.Run(async () =>
        {
            for (int i = 0; i < 300; i++)
            {
                await application.Server.EmitAsync("n", new string('x', sender));
            }
        })));

        for (int offset = 1; offset <= 500; offset++)
        {
            (await first.ReadAsync()).ShouldMatch($"^42\\[\"n\",\"x*\",\"{offset}\"\\]$");
        }

        await CutAsync(application.Server, first);
        (EngineWebSocket second, string sidAgain, _) = await ConnectAsync(application, pid, "998");
        sidAgain.ShouldBe(sid);
        for (int offset = 999; offset <= 1200; offset++)
        {
            (await second.ReadAsync()).ShouldMatch($"^42\\[\"n\",\"x*\",\"{offset}\"\\]$");
        }
    }

    [Fact]
    public async Task Same_session_asked_for_by_many_connections_at_once_is_taken_up_once()
    {
        await using SocketIOServer server = DetachedClient.CreateServer(new SocketIOOptions { ConnectionStateRecovery = new ConnectionStateRecoveryOptions() });
        var first = new DetachedClient(server);
        await first.ReceiveAsync("40");
        Socket socket = await JoinedAsync(server);
        (string sid, string pid) = (socket.Id, socket.PrivateId!);
        for (int round = 0; round < 100; round++)
        {
            var clients = new DetachedClient[8];
            await Parallel.ForAsync(0, clients.Length, async (i, _) => await (clients[i] = new DetachedClient(server)).ReceiveAsync($$"""40{"pid":"{{pid}}"}"""));

            // Some may have lost their connection to those who came after them.
            await Eventually.BeTrueAsync(() => clients.All(static client => !client.Session.IsOpen || client.Session.Outbox.Count >= 1));
            server.Of("/").Sockets.Count(found => found.Id == sid).ShouldBe(1);
            foreach (DetachedClient client in clients)
            {
                if (!client.TakeText().Any(text => text.Contains(sid, StringComparison.Ordinal)))
                {
                    client.Session.Close(new DisconnectReason(DisconnectCause.TransportClose));
                }
            }
        }
    }

    [Fact]
    public async Task Client_that_is_made_to_leave_and_asks_at_once_for_its_session_keeps_its_connection_and_begins_anew()
    {
        await using SocketIOServer server = DetachedClient.CreateServer(new SocketIOOptions { ConnectionStateRecovery = new ConnectionStateRecoveryOptions() });
        var client = new DetachedClient(server);
        await client.ReceiveAsync("40");
        for (int round = 0; round < 300; round++)
        {
            Socket socket = await JoinedAsync(server);
            client.Take();
            Task leaving = Task.Run(() => socket.Disconnect());
            while (!client.TakeText().Contains("41"))
            {
                await Task.Yield();
            }

            await client.ReceiveAsync($$"""40{"pid":"{{socket.PrivateId}}"}""");
            await leaving;
            client.Session.IsOpen.ShouldBeTrue();
            (await JoinedAsync(server)).Recovered.ShouldBeFalse();
        }
    }

    [Fact]
    public async Task Event_that_the_outbox_refused_is_not_lost_although_it_had_room_for_a_later_one()
    {
        await using SocketIOServer server = DetachedClient.CreateServer(new SocketIOOptions
        {
            Outbox = new OutboxOptions { MaxFrames = 2, BurstTime = TimeSpan.Zero },
            ConnectionStateRecovery = new ConnectionStateRecoveryOptions(),
        });
        var first = new DetachedClient(server);
        await first.ReceiveAsync("40");
        Socket socket = await JoinedAsync(server);
        first.Take();
        await server.EmitAsync("n", 0);
        string[] received = first.TakeText();
        for (int i = 1; i <= 3; i++)
        {
            await server.EmitAsync("n", i); // The third is refused, and the session is about to be closed, on another thread: what waits may be gone.
        }

        received = [.. received, .. first.TakeText()];
        await server.EmitAsync("n", 4);
        received = [.. received, .. first.TakeText().Where(static text => text.StartsWith("42[", StringComparison.Ordinal))];
        first.Session.Close(new DisconnectReason(DisconnectCause.TransportClose));
        await Eventually.BeTrueAsync(() => server.Of("/").SocketCount == 0);

        var second = new DetachedClient(server);
        await second.ReceiveAsync($$"""40{"pid":"{{socket.PrivateId}}","offset":"{{received[^1].Split('"')[^2]}}"}""");
        (await JoinedAsync(server)).Recovered.ShouldBeFalse(); // CONNECT's answer and two events are more than its outbox takes: it is told that it missed some.
    }

    private static async Task<Socket> JoinedAsync(SocketIOServer server)
    {
        await Eventually.BeTrueAsync(() => server.Of("/").SocketCount == 1);
        return server.Of("/").Sockets.Single();
    }
}
