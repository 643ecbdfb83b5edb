using Carillon.Interop.Tests.Crash;

namespace Carillon.Interop.Tests.PowerLoss;

/// <summary>Power losses at moments all over one run of a server, taken from its journal.</summary>
public sealed class PowerLossMomentTests(PowerLossShim shim) : IClassFixture<PowerLossShim>
{
    private const int Moments = 8;
    private static readonly string[] Topics = ["orders", "invoices"];

    [Theory]
    [InlineData("from the first start on", 20, 1_000, 1)]
    [InlineData("while a checkpoint runs: every 16 MiB", 400, 50_000, 3)]
    public async Task A_power_loss_at_any_moment_leaves_what_was_acknowledged_until_then(string period, int acknowledged, int payload, int checkpoints)
    {
        using var disk = new PowerLossDisk(shim);
        var ledger = new PublisherLedger(() => disk.Moment);
        await using (var server = await WatchedServer.StartAsync(disk, disk.Watch()))
        {
            await WatchedServer.PublishUntilKilledAsync(server, new ConcurrentPublishers(ledger, Topics, payload), ledger, "run", acknowledged);
        }

        List<PowerLossReport> reports = [];
        for (var part = 1; part <= Moments; part++)
        {
            var moment = disk.Moment * part / Moments;
            var then = ledger.AsOf(moment);
            reports.Add(disk.Lose(UnsyncedWrites.Torn, seed: part, moment));
            TestContext.Current.TestOutputHelper?.WriteLine($"{reports[^1]}, {then.Acknowledged.Count} acknowledged");
            await using var server = await WatchedServer.StartAsync(disk, []);
            (await HistoryAudit.FaultsAsync(server.Api, then, Topics)).ShouldBeEmpty($"part {part} of {Moments}, {period}");
            await server.Api.PublishOkAsync(Topics[0], "still works");
        }

        reports[^1].Checkpoints.ShouldBeGreaterThanOrEqualTo(checkpoints, period);
        reports.ShouldContain(report => report.LostWrites > 0);
    }
}
