using Carillon.Interop.Tests.Clients;
using Carillon.Interop.Tests.Crash;
using Carillon.Interop.Tests.Servers;

namespace Carillon.Interop.Tests.Restarts;

/// <summary>The end of a server with clients of every kind connected, and its next start.</summary>
public sealed class RestartTests(SharedProcesses shared)
{
    private static readonly string[] Topics = ["orders", "invoices"];

    [Fact]
    public async Task SIGTERM_ends_with_exit_code_0_and_keeps_what_was_acknowledged()
    {
        using var folder = new TemporaryFolder();
        var settings = new ServerSettings { Database = folder.Database };
        var ledger = new PublisherLedger();
        var publishers = new ConcurrentPublishers(ledger, Topics, payload: 100);
        await using (var server = await ServerProcess.StartAsync(settings))
        {
            var clients = await ConnectEveryKindAsync(server);
            var goal = ledger.MoreAcknowledgedAsync(200);
            var running = publishers.RunAsync(server.Api, "run");
            await goal;

            (await server.StopAsync()).ShouldBe(0, server.Log);

            await running;
            await Task.WhenAll(clients.Select(client => client.WaitForStateAsync("disconnect", 1)));
            await DisconnectAsync(clients);
        }

        await using var restarted = await ServerProcess.StartAsync(settings);
        (await HistoryAudit.FaultsAsync(restarted.Api, ledger, Topics)).ShouldBeEmpty();
        (await restarted.Api.ListAsync("/clients")).ShouldBeEmpty();
        await publishers.RetryAsync(restarted.Api);
        (await HistoryAudit.FaultsAsync(restarted.Api, ledger, Topics)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Stock_clients_come_back_by_themselves_after_a_restart(bool gracefully)
    {
        using var folder = new TemporaryFolder();
        var settings = new ServerSettings { Database = folder.Database, Port = FreePort.Next() };
        IReadOnlyList<SocketClient> clients;
        await using (var server = await ServerProcess.StartAsync(settings))
        {
            clients = await ConnectEveryKindAsync(server);
            if (gracefully)
            {
                (await server.StopAsync()).ShouldBe(0, server.Log);
            }
            else
            {
                await server.KillAsync();
            }
        }

        await using var restarted = await ServerProcess.StartAsync(settings);
        (await restarted.Api.ListAsync("/clients")).ShouldBeEmpty("subscriptions of an earlier run");
        foreach (var client in clients)
        {
            await client.WaitForStateAsync("connect", 2);
            await client.SubscribeToRoomAsync("after");
        }

        (await restarted.Api.ClientsAsync("after")).Count.ShouldBe(clients.Count);
        await restarted.Api.PublishOkAsync("after", "welcome back");
        foreach (var client in clients)
        {
            await client.WaitForAsync(e => e.IsEvent("after"), "the message after the restart");
        }

        await DisconnectAsync(clients);
    }

    /// <summary>One client of each kind, subscribed to a topic in durable style; the names of the clients tell which failed.</summary>
    private async Task<IReadOnlyList<SocketClient>> ConnectEveryKindAsync(ServerProcess server)
    {
        List<SocketClient> clients = [];
        foreach (var kind in Enum.GetValues<ClientKind>())
        {
            var client = await shared.ConnectAsync(kind, server);
            await client.SubscribeAsync($"{kind}", "before");
            clients.Add(client);
        }

        return clients;
    }

    private static Task DisconnectAsync(IReadOnlyList<SocketClient> clients) => Task.WhenAll(clients.Select(client => client.DisconnectAsync()));
}
