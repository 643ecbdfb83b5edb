using Carillon.Bench.Parts;

namespace Carillon.Bench;

/// <summary>The parts of a run, one after another.</summary>
internal sealed class Suite(BenchOptions options, string repository, string workDirectory, Rounds rounds)
{
    /// <summary>The names of all parts.</summary>
    public static readonly string[] Parts = ["publish", "fanout", "protocols", "broadcast", "rooms", "idle", "slow"];

    public async Task RunAsync()
    {
        TopicParts topics = new(options, repository, workDirectory, rounds);
        ProtocolParts protocols = new(options, repository, workDirectory, rounds);
        RoomParts rooms = new(options, repository, workDirectory, rounds);
        Func<Task>[] parts = [topics.PublishAsync, topics.FanOutAsync, protocols.FanOutAsync, rooms.BroadcastAsync, rooms.RoomsAsync, rooms.IdleAsync, rooms.SlowAsync];
        foreach ((string name, Func<Task> part) in Parts.Zip(parts))
        {
            if (options.Only.Count == 0 || options.Only.Contains(name, StringComparer.Ordinal))
            {
                await part();
            }
        }
    }
}
