using Shouldly;
using Xunit;

namespace Carillon.SocketIO.Tests.Namespaces;

public sealed class LeavingTests
{
    [Fact]
    public async Task Client_is_told_before_the_disconnect_handler_and_before_it_can_join_again()
    {
        await using SocketIOServer server = DetachedClient.CreateServer();
        var client = new DetachedClient(server);
        server.OnConnection(socket => socket.OnDisconnect(_ => client.ReceiveAsync("40")));
        await client.ReceiveAsync("40");
        client.Take();

        server.Of("/").Sockets.Single().Disconnect();

        string[] told = client.TakeText();
        told[0].ShouldBe("41");
        told[1].ShouldStartWith("40{");
        told.Length.ShouldBe(2);
    }

    [Fact]
    public async Task Socket_whose_client_goes_while_it_joins_does_not_stay()
    {
        await using SocketIOServer server = DetachedClient.CreateServer();
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        server.Use(async (_, _) =>
        {
            await Volatile.Read(ref release).Task;
            return null;
        });

        for (int i = 0; i < 5000; i++)
        {
            Volatile.Write(ref release, new TaskCompletionSource()); // Goes on in the thread that releases.
            var client = new DetachedClient(server);
            await client.ReceiveAsync("40");
            using var both = new Barrier(2);
            Task joining = Task.Run(() =>
            {
                both.SignalAndWait();
                release.SetResult();
            });
            both.SignalAndWait();
            client.Session.Close(new DisconnectReason(DisconnectCause.TransportClose));
            await joining;
        }

        server.Of("/").SocketCount.ShouldBe(0);
        server.Of("/").Sockets.ShouldBeEmpty();
    }

    [Fact]
    public async Task Names_of_handlers_that_come_and_go_are_not_kept_for_ever()
    {
        await using SocketIOServer server = DetachedClient.CreateServer();
        var client = new DetachedClient(server);
        await client.ReceiveAsync("40");
        Socket socket = server.Of("/").Sockets.Single();

        for (int i = 0; i < 20_000; i++)
        {
            socket.On($"reply to {i}", static () => { });
            socket.On($"reply to {i}", static () => { });
            socket.Off($"reply to {i}");
        }

        EventName.KnownCount.ShouldBeLessThan(20_000);
    }
}
