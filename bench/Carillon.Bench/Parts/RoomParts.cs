using Carillon.Bench.Load;
using Carillon.Bench.Report;
using Carillon.Bench.Targets;

namespace Carillon.Bench.Parts;

/// <summary>The Socket.IO library alone, side by side with npm socket.io and SignalR: broadcasts to rooms, and idle connections.</summary>
internal sealed class RoomParts(BenchOptions options, string repository, string workDirectory, Rounds rounds)
{
    private static readonly int[] Sizes = [100, 1000, 5000];
    private static readonly int[] Payloads = [128, 1024];
    private static readonly RoomScenario ManyRooms = new(1000, 5, 128);

    private readonly RoomTarget[] _targets = [.. RoomTarget.All(repository).Where(target => options.Measures(target.Contender))];

    public async Task BroadcastAsync() => await AlternateAsync(
        from size in options.Quick ? [RoomWork.Reference] : Sizes
        from payload in options.Quick ? Payloads[..1] : Payloads
        from rate in options.Rate > 0 ? new[] { 0, options.Rate } : [0]
        select new RoomWork(new RoomScenario(1, size, payload), rate));

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

    private async Task AlternateAsync(IEnumerable<RoomWork> works)
    {
        List<RunningServer> servers = [];
        try
        {
            servers.AddRange(_targets.Select(target => RunningServer.Start(target.Target, workDirectory)));
            (RoomWork Work, Row[] Rows)[] all =
                [.. works.Select(work => (work, _targets.Select(target => rounds.AddRow(work.Name, target.Contender, target.Target.Name)).ToArray()))];
            for (int round = 1; round <= options.Rounds; round++)
            {
                foreach ((RoomWork work, Row[] rows) in all)
                {
                    for (int i = 0; i < servers.Count; i++)
                    {
                        (RunningServer server, RoomTarget target) = (servers[i], _targets[i]);
                        await rounds.RunAsync(rows[i], round, _ =>
                        {
                            using RoomLoad load = new(server.Address, target.Protocol, work.Scenario, options.Publishers, () => rounds.Start(server));
                            return Task.FromResult(load.Run(work.Pace()));
                        });
                    }
                }
            }
        }
        finally
        {
            servers.ForEach(server => server.Dispose());
        }
    }
}
