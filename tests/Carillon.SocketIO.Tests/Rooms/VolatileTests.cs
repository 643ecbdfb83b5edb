using Shouldly;
using Xunit;

namespace Carillon.SocketIO.Tests.Rooms;

public class VolatileTests : HostedTests
{
    [Fact]
    public async Task Client_between_two_polls_misses_volatile_events_and_gets_all_others()
    {
        await using TestApplication application = await StartAsync(Apps.Echo);
        using var client = new EngineClient(application.Address);
        await client.OpenPollingAsync();
        await client.PostAsync("40");
        await client.PollPacketsAsync();
        Socket socket = application.Server.Of("/").Sockets.Single();
        socket.Join("room");

        await socket.Volatile.EmitAsync("lost", 1);
        await application.Server.Volatile.EmitAsync("lost", 2);
        await application.Server.To("room").Volatile.EmitAsync("lost", new byte[] { 3 });
        await socket.EmitAsync("kept", 1);
        (await client.PollPacketsAsync()).ShouldBe(["42[\"kept\",1]"]);

        Task<string[]> poll = client.PollPacketsAsync();
        await Eventually.BeTrueAsync(() => socket.Client.Session.CanSendNow);
        await application.Server.To("room").Volatile.EmitAsync("in time", new byte[] { 1, 2, 3 });
        (await poll).ShouldBe(["451-[\"in time\",{\"_placeholder\":true,\"num\":0}]", "bAQID"]);
    }

    [Fact]
    public async Task Client_that_does_not_read_misses_volatile_events_and_sees_the_rest_in_order()
    {
        var options = new SocketIOOptions { Outbox = new Connections.OutboxOptions { MaxBytes = 64_000_000 } };
        await using TestApplication application = await StartAsync(Apps.Echo, options);
        using JoinedClient client = await JoinedClient.OpenAsync(application);
        Socket socket = application.Server.Of("/").Sockets.Single();
        string filler = new('x', 100_000);

        int sent = 0;
        for (; sent < 300; sent++)
        {
            await socket.EmitAsync("kept", sent, filler); // 30 MB: far more than the network holds.
        }

        for (int i = 0; i < 100; i++)
        {
            await socket.Volatile.EmitAsync("volatile", i);
            await application.Server.Volatile.EmitAsync("volatile", i);
        }

        await socket.EmitAsync("kept", sent++, string.Empty);

        for (int i = 0; i < sent; i++)
        {
            (await client.ReadAsync()).ShouldStartWith($"42[\"kept\",{i},");
        }

        await Eventually.BeTrueAsync(() => socket.Client.Session.CanSendNow);
        await socket.Volatile.EmitAsync("volatile", "read again");
        (await client.ReadAsync()).ShouldBe("42[\"volatile\",\"read again\"]");
    }
}
