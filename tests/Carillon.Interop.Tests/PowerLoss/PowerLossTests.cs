using Carillon.Interop.Tests.Crash;

namespace Carillon.Interop.Tests.PowerLoss;

/// <summary>Power loss: only what was fsynced survives, and that must be all that was acknowledged.</summary>
public sealed class PowerLossTests(PowerLossShim shim) : IClassFixture<PowerLossShim>
{
    private const int Rounds = 5;

    /// <summary>Hidden, the server falls back to the SQLite it brings along, which writes by other system calls.</summary>
    private const string SystemLibrary = "libsqlite3.so.0";

    private static readonly string[] Topics = ["orders", "invoices"];

    /// <summary>More than a page of the database.</summary>
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
            await using (var server = await WatchedServer.StartAsync(disk, disk.Watch()))
            {
                server.Log.Contains(SystemLibrary, StringComparison.Ordinal).ShouldBe(hiddenLibrary is null, "the log names the SQLite library");
                (await HistoryAudit.FaultsAsync(server.Api, ledger, Topics)).ShouldBeEmpty($"at the start of round {round}");
                await WatchedServer.PublishUntilKilledAsync(server, publishers, ledger, $"round{round}", random.Next(100, 500));
            }

            reports.Add(disk.Lose(unsynced, seed: round));
        }

        await using var last = await WatchedServer.StartAsync(disk, []);
        (await HistoryAudit.FaultsAsync(last.Api, ledger, Topics)).ShouldBeEmpty("after the last power loss");
        await publishers.RetryAsync(last.Api);
        (await HistoryAudit.FaultsAsync(last.Api, ledger, Topics)).ShouldBeEmpty("after the retries");

        // The test saw what it is about: fsyncs all along, and checkpoints. Which writes are lost depends on the moment of the kill; the
        // moments of PowerLossMomentTests always lose some.
        TestContext.Current.TestOutputHelper?.WriteLine(string.Join('\n', reports));
        reports.ShouldAllBe(report => report.Syncs > 10);
        reports.Sum(report => report.Checkpoints).ShouldBeGreaterThan(0, string.Join('\n', reports));
    }

    [Fact]
    public Task A_server_that_does_not_fsync_is_caught() =>
        AcknowledgedMessagesAreLostAsync(lying: false, new KeyValuePair<string, string>("CARILLON__SQLITE__SYNCHRONOUS", "Off"));

    [Fact]
    public Task A_disk_that_only_pretends_to_fsync_is_caught() => AcknowledgedMessagesAreLostAsync(lying: true);

    private async Task AcknowledgedMessagesAreLostAsync(bool lying, params KeyValuePair<string, string>[] environment)
    {
        using var disk = new PowerLossDisk(shim) { Lying = lying };
        await using (var server = await WatchedServer.StartAsync(disk, []))
        {
            (await server.StopAsync()).ShouldBe(0, "the schema must be safe before the control begins");
        }

        var ledger = new PublisherLedger();
        var watched = disk.Watch();
        foreach (var (name, value) in environment)
        {
            watched[name] = value;
        }

        await using (var server = await WatchedServer.StartAsync(disk, watched))
        {
            await WatchedServer.PublishUntilKilledAsync(server, new ConcurrentPublishers(ledger, Topics, Payload), ledger, "control", acknowledged: 50);
        }

        disk.Lose(UnsyncedWrites.Lost, seed: 0).Syncs.ShouldBe(0);

        await using var restarted = await WatchedServer.StartAsync(disk, []);
        var faults = await HistoryAudit.FaultsAsync(restarted.Api, ledger, Topics);
        faults.Count(fault => fault.EndsWith(HistoryAudit.Lost, StringComparison.Ordinal)).ShouldBe(ledger.Acknowledged.Count);
    }
}
