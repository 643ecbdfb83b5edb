using Carillon.Interop.Tests.Crash;
using Carillon.Interop.Tests.Servers;

namespace Carillon.Interop.Tests.PowerLoss;

/// <summary>The steps of every power-loss scenario.</summary>
internal static class WatchedServer
{
    public static Task<ServerProcess> StartAsync(PowerLossDisk disk, Dictionary<string, string> environment) =>
        ServerProcess.StartAsync(new ServerSettings { Database = disk.Database, Environment = environment });

    public static async Task PublishUntilKilledAsync(ServerProcess server, ConcurrentPublishers publishers, PublisherLedger ledger, string run, int acknowledged)
    {
        var goal = ledger.MoreAcknowledgedAsync(acknowledged);
        var running = publishers.RunAsync(server.Api, run);
        await goal;
        await server.KillAsync();
        await running;
    }
}
