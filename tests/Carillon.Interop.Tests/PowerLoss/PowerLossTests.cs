using Carillon.Interop.Tests.Crash;
using Carillon.Interop.Tests.Servers;

namespace Carillon.Interop.Tests.PowerLoss;

/// <summary>Power loss: only what was fsynced survives, and that must be all that was acknowledged.</summary>
public sealed class PowerLossTests(PowerLossShim shim) : IClassFixture<PowerLossShim>
{
    private const int Rounds = 6;

    /// <summary>Hidden, the server falls back to the SQLite it brings along, which writes by other system calls.</summary>
    private const string SystemLibrary = "libsqlite3.so.0";

    private static readonly string[] Topics = ["orders", "invoices"];

    /// <summary>Large enough that some rounds end in or shortly after a checkpoint (SQLite's default: 1,000 pages of 4 KiB).</summary>
    private const int Payload = 6_000;

    [Theory]
    [InlineData(UnsyncedWrites.Lost, null)]
    [InlineData(UnsyncedWrites.Torn, null)]
    [InlineData(UnsyncedWrites.Lost, SystemLibrary)]
    [InlineData(UnsyncedWrites.Torn, SystemLibrary)]
    public async Task Every_acknowledged_message_survives_power_losses(UnsyncedWrites unsynced, string? hiddenLibrary)
    {
        using var disk = new PowerLossDisk(shim) { HiddenLibrary = hiddenLibrary };
        var ledger = new PublisherLedger();
        var publishers = new ConcurrentPublishers(ledger, Topics, Payload);
        List<PowerLossReport> reports = [];
        var random = new Random(7);
        for (var round = 1; round <= Rounds; round++)
        {
            await using (var server = await StartAsync(disk, disk.Watch()))
            {
                server.Log.Contains(SystemLibrary, StringComparison.Ordinal).ShouldBe(hiddenLibrary is null, "the log names the SQLite library");
                (await HistoryAudit.FaultsAsync(server.Api, ledger, Topics)).ShouldBeEmpty($"at the start of round {round}");
                await PublishUntilKilledAsync(server, publishers, ledger, $"round{round}", random.Next(100, 500));
            }

            reports.Add(disk.Lose(unsynced, seed: round));
        }

        await using var last = await StartAsync(disk, []);
        (await HistoryAudit.FaultsAsync(last.Api, ledger, Topics)).ShouldBeEmpty("after the last power loss");
        await publishers.RetryAsync(last.Api);
        (await HistoryAudit.FaultsAsync(last.Api, ledger, Topics)).ShouldBeEmpty("after the retries");

        // The test saw what it is about: fsyncs all along, checkpoints, and writes that were thrown away.
        TestContext.Current.TestOutputHelper?.WriteLine(string.Join('\n', reports));
        reports.ShouldAllBe(report => report.Syncs > 10);
        reports.Sum(report => report.Checkpoints).ShouldBeGreaterThan(0, string.Join('\n', reports));
        reports.Sum(report => report.LostWrites).ShouldBeGreaterThan(0, string.Join('\n', reports));
    }

    [Fact]
    public async Task A_power_loss_at_any_moment_from_the_first_start_on_leaves_a_database_that_starts_and_has_no_gap()
    {
        const int Moments = 12;
        using var disk = new PowerLossDisk(shim);
        var ledger = new PublisherLedger();
        await using (var server = await StartAsync(disk, disk.Watch()))
        {
            await PublishUntilKilledAsync(server, new ConcurrentPublishers(ledger, Topics, Payload), ledger, "run", acknowledged: 20);
        }

        for (var moment = 1; moment <= Moments; moment++)
        {
            disk.Lose(UnsyncedWrites.Torn, seed: moment, (double)moment / Moments);
            await using var server = await StartAsync(disk, []);
            var faults = await HistoryAudit.FaultsAsync(server.Api, ledger, Topics);

            // What was acknowledged after that moment cannot be there.
            faults.Where(fault => !fault.EndsWith(HistoryAudit.Lost, StringComparison.Ordinal)).ShouldBeEmpty($"moment {moment} of {Moments}");
            await server.Api.PublishOkAsync(Topics[0], "still works");
        }
    }

    [Fact]
    public Task A_server_that_does_not_fsync_is_caught() =>
        AcknowledgedMessagesAreLostAsync(lying: false, new KeyValuePair<string, string>("CARILLON__SQLITE__SYNCHRONOUS", "Off"));

    [Fact]
    public Task A_disk_that_only_pretends_to_fsync_is_caught() => AcknowledgedMessagesAreLostAsync(lying: true);

    private async Task AcknowledgedMessagesAreLostAsync(bool lying, params KeyValuePair<string, string>[] environment)
    {
        using var disk = new PowerLossDisk(shim) { Lying = lying };
        await using (var server = await StartAsync(disk, []))
        {
            (await server.StopAsync()).ShouldBe(0, "the schema must be safe before the control begins");
        }

        var ledger = new PublisherLedger();
        var watched = disk.Watch();
        foreach (var (name, value) in environment)
        {
            watched[name] = value;
        }

        await using (var server = await StartAsync(disk, watched))
        {
            await PublishUntilKilledAsync(server, new ConcurrentPublishers(ledger, Topics, Payload), ledger, "control", acknowledged: 50);
        }

        disk.Lose(UnsyncedWrites.Lost, seed: 0).Syncs.ShouldBe(0);

        await using var restarted = await StartAsync(disk, []);
        var faults = await HistoryAudit.FaultsAsync(restarted.Api, ledger, Topics);
        faults.Count(fault => fault.EndsWith(HistoryAudit.Lost, StringComparison.Ordinal)).ShouldBe(ledger.Acknowledged.Count);
    }

    private static Task<ServerProcess> StartAsync(PowerLossDisk disk, Dictionary<string, string> environment) =>
        ServerProcess.StartAsync(new ServerSettings { Database = disk.Database, Environment = environment });

    private static async Task PublishUntilKilledAsync(ServerProcess server, ConcurrentPublishers publishers, PublisherLedger ledger, string run, int acknowledged)
    {
        var goal = ledger.MoreAcknowledgedAsync(acknowledged);
        var running = publishers.RunAsync(server.Api, run);
        await goal;
        await server.KillAsync();
        await running;
    }
}
