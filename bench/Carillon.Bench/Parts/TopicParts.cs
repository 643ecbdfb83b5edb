using Carillon.Bench.Load;
using Carillon.Bench.Report;
using Carillon.Bench.Targets;
using Carillon.Bench.Wire.SocketIo;

namespace Carillon.Bench.Parts;

/// <summary>The whole program with its topics: durable publishes, and the fan-out of a topic next to npm socket.io.</summary>
internal sealed class TopicParts(BenchOptions options, string repository, string workDirectory, Rounds rounds)
{
    // Below the 1,024 frames of an outbox: the load shall not turn a subscriber into a slow one.
    private const int MostUnderWay = 1000;

    public async Task PublishAsync()
    {
        Target target = Target.Carillon(repository);
        string work = $"durable publish, {options.Connections} connections";
        (Row Row, bool WithId)[] variants =
        [
            (rounds.AddRow($"{work}, client's ids", Contender.Carillon, target.Name), true),
            (rounds.AddRow($"{work}, server's ids", Contender.Carillon, target.Name), false),
        ];
        for (int round = 1; round <= options.Rounds; round++)
        {
            foreach ((Row row, bool withId) in variants)
            {
                await rounds.RunAsync(row, round, async _ =>
                {
                    // A new process and database each time: the log's size must not differ between rounds.
                    using RunningServer server = RunningServer.Start(target, workDirectory);
                    using PublishLoad load = new(server.Address, "bench", withId, options.Connections, () => rounds.Start(server));
                    Sample sample = load.Run();
                    return (sample, await StoredLog.CompareAsync(server.Address, "bench", load.Offsets));
                });
            }
        }
    }

    public async Task FanOutAsync()
    {
        (Contender Contender, Target Target)[] targets =
            [(Contender.Carillon, Target.Carillon(repository)), (Contender.SocketIo, Target.SocketIo(repository, "server.js"))];
        targets = [.. targets.Where(item => options.Measures(item.Contender))];
        List<RunningServer> servers = [];
        try
        {
            servers.AddRange(targets.Select(item => RunningServer.Start(item.Target, workDirectory)));
            List<(Row Row, RunningServer Server, Func<IPace> Pace)> work = [];
            foreach ((string name, Func<IPace> pace) in Paces())
            {
                work.AddRange(targets.Zip(servers, (item, server) => (rounds.AddRow(name, item.Contender, item.Target.Name), server, pace)));
            }
            for (int round = 1; round <= options.Rounds; round++)
            {
                foreach ((int index, (Row row, RunningServer server, Func<IPace> pace)) in work.Index())
                {
                    await rounds.RunAsync(row, round, attempt =>
                    {
                        string topic = $"bench-{round}-{index}-{attempt}";
                        using TopicLoad load = new(server.Address, SocketIoTopics.RoomStyle, topic, options, () => rounds.Start(server));
                        return Task.FromResult(load.Run(pace()));
                    });
                }
            }
        }
        finally
        {
            servers.ForEach(server => server.Dispose());
        }
    }

    private IEnumerable<(string Name, Func<IPace> Pace)> Paces()
    {
        string name = $"fan-out to {options.Subscribers:N0}";
        yield return ($"{name}, window {options.Window}", () => new ClosedWindow(options.Window));
        if (options.Rate > 0)
        {
            double messages = (double)options.Rate / options.Subscribers;
            yield return ($"{name}, {options.Rate:N0}/s offered", () => new FixedRate(messages, MostUnderWay));
        }
    }
}
