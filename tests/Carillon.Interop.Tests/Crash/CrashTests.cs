using Carillon.Interop.Tests.Clients;
using Carillon.Interop.Tests.Durable;
using Carillon.Interop.Tests.Http;
using Carillon.Interop.Tests.Servers;

namespace Carillon.Interop.Tests.Crash;

/// <summary>SIGKILL at any moment: what was acknowledged is there, once, in its place.</summary>
public sealed class CrashTests(SharedProcesses shared)
{
    private const int Rounds = 20;

    [Fact]
    public async Task Every_acknowledged_message_survives_twenty_kills_once_and_without_a_gap()
    {
        using var folder = new TemporaryFolder();
        var settings = new ServerSettings { Database = folder.Database };
        string[] topics = ["orders", "invoices"];
        var ledger = new PublisherLedger();
        var publishers = new ConcurrentPublishers(ledger, topics, payload: 100);
        var random = new Random(20);
        for (var round = 1; round <= Rounds; round++)
        {
            await using var server = await ServerProcess.StartAsync(settings);
            (await HistoryAudit.FaultsAsync(server.Api, ledger, topics)).ShouldBeEmpty($"at the start of round {round}");
            await publishers.RetryAsync(server.Api);
            var goal = ledger.MoreAcknowledgedAsync(random.Next(1, 400));
            var running = publishers.RunAsync(server.Api, $"round{round}");
            await goal;
            await server.KillAsync();
            await running;
        }

        await using var last = await ServerProcess.StartAsync(settings);
        (await HistoryAudit.FaultsAsync(last.Api, ledger, topics)).ShouldBeEmpty("after the last kill");
        await publishers.RetryAsync(last.Api);
        ledger.Unanswered.ShouldBeEmpty();
        (await HistoryAudit.FaultsAsync(last.Api, ledger, topics)).ShouldBeEmpty("after the retries");
    }

    [Theory]
    [EveryClient]
    public async Task What_a_client_got_an_acknowledgement_for_survives_a_kill(ClientKind kind)
    {
        using var folder = new TemporaryFolder();
        var settings = new ServerSettings { Database = folder.Database };
        await using (var server = await ServerProcess.StartAsync(settings))
        {
            var client = await shared.ConnectAsync(kind, server);
            var publish = new System.Text.Json.Nodes.JsonObject { ["topic"] = "t", ["message_id"] = "id-1", ["message"] = "kept", ["producer"] = "p" };
            (await client.CallAsync("publish", publish)).ShouldBeOk();
            (await client.CallAsync("consumed", ConsumptionTests.Consumed("c", "t", "id-1", "kept"))).ShouldBeOk();
            await server.KillAsync();
            await client.DisconnectAsync();
        }

        await using var restarted = await ServerProcess.StartAsync(settings);
        (await restarted.Api.HistoryAsync("t")).ShouldHaveSingleItem().Text("message_id").ShouldBe("id-1");
        (await restarted.Api.ConsumptionsAsync("t")).ShouldHaveSingleItem().Text("consumer").ShouldBe("c");
        (await restarted.Api.PublishOkAsync("t", "kept", "id-1", "p")).GetProperty("duplicate").GetBoolean().ShouldBeTrue();
        (await restarted.Api.PublishOkAsync("t", "next")).Offset().ShouldBe(2);
    }
}
