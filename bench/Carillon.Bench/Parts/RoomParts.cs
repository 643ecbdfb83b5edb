using Carillon.Bench.Load;
using Carillon.Bench.Report;
using Carillon.Bench.Targets;
using Carillon.Bench.Wire;

namespace Carillon.Bench.Parts;

/// <summary>The Socket.IO library alone, side by side with npm socket.io and SignalR: broadcasts to rooms, and idle connections.</summary>
internal sealed class RoomParts(BenchOptions options, string repository, string workDirectory, Rounds rounds)
{
    private static readonly int[] Sizes = [100, 1000, 5000];
    private static readonly int[] Payloads = [128, 1024];
    private static readonly RoomScenario ManyRooms = new(1000, 5, 128);

    private readonly RoomTarget[] _targets = [.. RoomTarget.All(repository).Where(target => options.Measures(target.Contender))];

    public async Task BroadcastAsync() => await AlternateAsync(
    [
        .. from size in options.Quick ? [RoomWork.Reference] : Sizes
           from payload in options.Quick ? Payloads[..1] : Payloads
           from rate in options.Rate > 0 ? new[] { 0, options.Rate } : [0]
           select new RoomWork(new RoomScenario(1, size, payload), rate),
    ]);

    public async Task RoomsAsync() => await AlternateAsync([new RoomWork(ManyRooms, 0)]);

    public async Task IdleAsync()
    {
        string work = RoomWork.Idle(options.Idle);
        (RoomTarget Target, Row Row)[] all =
            [.. _targets.Select(target => (target, rounds.AddRow(work, target.Contender, target.Target.Name)))];
        for (int round = 1; round <= options.Rounds; round++)
        {
            foreach ((RoomTarget target, Row row) in all)
            {
                await rounds.RunAsync(row, round, async _ =>
                {
                    // A new process each time: what an earlier round left in its memory is not its connections'.
                    using RunningServer server = RunningServer.Start(target.Target, workDirectory);
                    IdleLoad load = new(server.Address, server.ProcessId, target.Protocol);
                    return (await load.RunAsync(options.Idle, TimeSpan.FromSeconds(options.Settle)), new Verdict(0, 0));
                });
            }
        }
    }

    /// <summary>What members of a room notice of others that never read.</summary>
    public async Task SlowAsync() => await AlternateAsync(options.Rate > 0 ? RoomWork.Neighbours(options.Rate) : []);

    private async Task AlternateAsync(IReadOnlyCollection<RoomWork> works)
    {
        Dictionary<RoomTarget, RunningServer> servers = [];
        try
        {
            foreach (RoomTarget target in _targets.Where(target => works.Any(target.Does)))
            {
                servers.Add(target, RunningServer.Start(target.Target, workDirectory));
            }
            (RoomWork Work, RoomTarget Target, Row Row)[] all =
            [
                .. from work in works
                   from target in _targets
                   where target.Does(work)
                   select (work, target, rounds.AddRow(work.Name, target.Contender, target.Target.Name)),
            ];
            for (int round = 1; round <= options.Rounds; round++)
            {
                foreach ((RoomWork work, RoomTarget target, Row row) in all)
                {
                    await rounds.RunAsync(row, round, _ => RunAsync(work, servers[target], target.Protocol));
                }
            }
        }
        finally
        {
            foreach (RunningServer server in servers.Values)
            {
                server.Dispose();
            }
        }
    }

    private async Task<(Sample Sample, Verdict Verdict)> RunAsync(RoomWork work, RunningServer server, IRoomProtocol protocol)
    {
        using DeafMembers deaf = new(server.Address, protocol, work.Scenario.RoomName(0), work.NeverReading ?? 0);
        using RoomLoad load = new(server.Address, protocol, work.Scenario, options.Publishers, () =>
        {
            deaf.Fill();
            return rounds.Start(server);
        });
        (Sample sample, Verdict verdict) = load.Run(work.Pace());
        return (sample with { CutAfter = await deaf.WaitUntilCutAsync() }, verdict);
    }
}
