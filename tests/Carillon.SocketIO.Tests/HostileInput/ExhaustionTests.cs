using System.Text;
using Carillon.Connections.Tests;
using Shouldly;
using Xunit;

namespace Carillon.SocketIO.Tests.HostileInput;

/// <summary>Clients that want memory or time rather than to be understood.</summary>
public sealed class ExhaustionTests
{
    [Fact]
    public async Task Attachments_that_never_come_close_the_client_when_their_time_is_over()
    {
        var time = new ManualTime();
        var options = new SocketIOOptions { PingInterval = TimeSpan.FromHours(1), AttachmentTimeout = TimeSpan.FromSeconds(45) };
        await using TestApplication application = await TestApplication.StartAsync(Apps.Echo, options, time);
        using JoinedClient neighbour = await JoinedClient.OpenAsync(application);
        using JoinedClient client = await JoinedClient.OpenAsync(application);
        await client.SendAsync("""452-["message",{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]""");
        await client.SendBinaryAsync(1);
        await client.SendAsync("3"); // Other packets of Engine.IO do not count.
        SocketIOClient server = application.Server.Of("/").Sockets.Single(socket => socket.Id == client.Id).Client;
        await Eventually.BeTrueAsync(() => server.AwaitsAttachments);

        time.Advance(TimeSpan.FromSeconds(44));
        (await neighbour.AskAsync("421[\"ack\",1]")).ShouldBe("431[1]");
        application.Server.ConnectionCount.ShouldBe(2);
        time.Advance(TimeSpan.FromSeconds(2));

        (await client.ReadCloseReasonAsync()).ShouldBe("parse error: an announced attachment did not come in time");
        (await neighbour.AskAsync("421[\"ack\",1]")).ShouldBe("431[1]");
    }

    [Fact]
    public async Task Events_to_a_namespace_that_is_still_being_joined_close_the_client()
    {
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using TestApplication application = await TestApplication.StartAsync(server =>
        {
            Apps.Echo(server);
            server.Of("/slow").Use(async (_, _) =>
            {
                await release.Task;
                return null;
            });
            server.Of(async (_, _, _) =>
            {
                await release.Task;
                return true;
            });
        });
        foreach (string packet in new[] { "42/slow,[\"e\"]", "41/slow", "42/family,[\"e\"]" })
        {
            using JoinedClient client = await JoinedClient.OpenAsync(application);
            await client.SendAsync("40/slow");
            await client.SendAsync("40/family");
            await client.SendAsync(packet);

            (await client.ReadCloseReasonAsync()).ShouldBe("parse error: a packet for a namespace that was not joined");
        }

        release.SetResult();
        await Eventually.BeTrueAsync(() => application.Server.ConnectionCount == 0 && application.Server.Of("/slow").SocketCount == 0);
    }

    [Fact]
    public async Task Client_that_joins_thousands_of_namespaces_is_closed_and_they_are_gone()
    {
        await using SocketIOServer server = DetachedClient.CreateServer();
        SocketNamespaceFamily family = server.Of(static (_, _, _) => ValueTask.FromResult(true));
        var client = new DetachedClient(server);

        for (int i = 0; i < 5000 && client.Session.IsOpen; i++)
        {
            await client.ReceiveAsync($"40/{i}");
            client.Take(); // One that does not read is not read from either.
            family.Namespaces.Count().ShouldBeLessThanOrEqualTo(1000);
        }

        client.Session.IsOpen.ShouldBeFalse();
        family.Namespaces.ShouldBeEmpty();
    }

    [Fact]
    public async Task Client_whose_joins_are_never_decided_is_bounded_too()
    {
        await using SocketIOServer server = DetachedClient.CreateServer();
        var never = new TaskCompletionSource<bool>();
        int asked = 0;
        SocketNamespaceFamily family = server.Of(async (_, _, gone) =>
        {
            asked++;
            return await never.Task.WaitAsync(gone);
        });
        var client = new DetachedClient(server);

        for (int i = 0; i < 5000 && client.Session.IsOpen; i++)
        {
            await client.ReceiveAsync($"40/{i}");
        }

        client.Session.IsOpen.ShouldBeFalse();
        asked.ShouldBeLessThanOrEqualTo(1000);
        family.Namespaces.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Auth_payloads_of_all_namespaces_together_are_bounded(bool decided)
    {
        await using SocketIOServer server = DetachedClient.CreateServer();
        var never = new TaskCompletionSource<bool>();
        server.Of((_, _, _) => decided ? ValueTask.FromResult(true) : new ValueTask<bool>(never.Task));
        var client = new DetachedClient(server);
        string auth = $$"""{"a":"{{new string('x', 300_000)}}"}""";

        int sent = 0;
        for (; sent < 100 && client.Session.IsOpen; sent++)
        {
            await client.ReceiveAsync($"40/{sent},{auth}");
        }

        sent.ShouldBe(4);
    }

    [Fact]
    public async Task Left_namespaces_do_not_count_against_the_bounds()
    {
        await using SocketIOServer server = DetachedClient.CreateServer();
        server.Of(static (_, _, _) => ValueTask.FromResult(true));
        var client = new DetachedClient(server);
        string auth = $$"""{"a":"{{new string('x', 300_000)}}"}""";

        for (int i = 0; i < 100; i++)
        {
            await client.ReceiveAsync($"40/{i},{auth}");
            await client.ReceiveAsync($"41/{i}");
        }

        client.Session.IsOpen.ShouldBeTrue();
    }

    [Fact]
    public async Task Events_that_wait_for_a_handler_hold_bounded_memory_however_they_are_built()
    {
        await using SocketIOServer server = DetachedClient.CreateServer();
        var never = new TaskCompletionSource();
        server.OnConnection(socket => socket.On("e", _ => new ValueTask(never.Task)));
        var client = new DetachedClient(server);
        await client.ReceiveAsync("40");
        byte[] many = Encoding.UTF8.GetBytes($"42[\"e\"{string.Concat(Enumerable.Repeat(",1", 50_000))}]");

        int sent = 0;
        long before = GC.GetAllocatedBytesForCurrentThread();
        while (client.Session.OnWebSocketMessageAsync(many, isBinary: false).AsTask().IsCompleted)
        {
            (++sent).ShouldBeLessThan(1000);
        }

        sent.ShouldBeLessThanOrEqualTo(4); // 100 kB each, and 400 kB for where their arguments stand.
        client.Session.Close(new DisconnectReason(DisconnectCause.TransportClose));
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(10_000_000);
    }
}
