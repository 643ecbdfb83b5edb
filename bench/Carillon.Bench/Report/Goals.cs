using Carillon.Bench.Load;
using Carillon.Bench.Parts;
using Carillon.Bench.Targets;

namespace Carillon.Bench.Report;

/// <summary>What Carillon is to reach next to its peers, and its protocols next to each other, and whether they did in this run.</summary>
internal static class Goals
{
    private static readonly string[] Head = ["goal", "wanted", "measured", "met"];

    /// <summary>The library's write timeout, and what its heartbeat may be late.</summary>
    private const double CutSeconds = 12;

    private static readonly int[] Payloads = [128, 1024];

    /// <summary>Prints the goals whose work was measured.</summary>
    public static void Print(BenchOptions options, IReadOnlyList<Row> rows, TextWriter output)
    {
        List<string[]> lines = [];
        foreach (int payload in Payloads)
        {
            RoomScenario scenario = new(1, RoomWork.Reference, payload);
            string fast = new RoomWork(scenario, 0).Name;
            Compare($"deliveries/s, {fast}, / socket.io's", fast, Contender.SocketIo, row => row.PerSecond, atLeast: 10);
            Compare($"deliveries/s, {fast}, / SignalR's", fast, Contender.SignalR, row => row.PerSecond, atLeast: 1.8);
        }
        foreach (int payload in Payloads)
        {
            string paced = new RoomWork(new RoomScenario(1, RoomWork.Reference, payload), options.Rate).Name;
            Compare($"processor time of a delivery, {paced}, / SignalR's", paced, Contender.SignalR, row => row.ServerMicroseconds, atMost: 0.6);
            Compare($"p99, {paced}, / SignalR's", paced, Contender.SignalR, row => row.P99Milliseconds, atMost: 0.5);
        }
        string idle = RoomWork.Idle(options.Idle);
        Compare($"memory of each of {idle} / socket.io's", idle, Contender.SocketIo, row => row.Kilobytes!.Value, atMost: 1);
        Compare($"connect rate of {idle} / SignalR's", idle, Contender.SignalR, row => row.PerSecond, atLeast: 1.6);
        foreach (Contender contender in new[] { Contender.Carillon, Contender.CarillonOnKestrel })
        {
            CompareNeighbours(contender);
        }
        string protocols = ProtocolParts.Work(options);
        foreach (Contender peer in new[] { Contender.RoomStyle, Contender.ConsumerStyle })
        {
            if (Find(protocols, Contender.WebSocketJson) is { } ours && Find(protocols, peer) is { } theirs)
            {
                Add($"deliveries/s, {protocols}, {ours.Server} / {theirs.Server}", ours.PerSecond / theirs.PerSecond, atLeast: 1, null);
            }
        }
        if (lines.Count > 0)
        {
            long wrong = rows.Where(row => row.Contender is not (Contender.SocketIo or Contender.SignalR)).Sum(row => row.Lost + row.Disordered);
            lines.Add(["lost or disordered, in all work", "0", $"{wrong}", wrong == 0 ? "yes" : "NO"]);
        }
        Table.Print(Head, lines, textColumns: 1, output);

        void Compare(string goal, string work, Contender peer, Func<Row, double> figure, double? atLeast = null, double? atMost = null)
        {
            if (Find(work, Contender.Carillon) is not { } ours || Find(work, peer) is not { } theirs)
            {
                return;
            }
            Add(goal, figure(ours) / figure(theirs), atLeast, atMost);
        }

        void CompareNeighbours(Contender contender)
        {
            RoomWork[] works = RoomWork.Neighbours(options.Rate);
            if (Find(works[0].Name, contender) is not { } quiet || Find(works[1].Name, contender) is not { } disturbed)
            {
                return;
            }
            Add($"p99, {works[1].Name}, / quiet, {disturbed.Server}", disturbed.P99Milliseconds / quiet.P99Milliseconds, null, 1.5);
            Add($"seconds until those are cut off, {disturbed.Server}", disturbed.CutAfter!.Value.TotalSeconds, null, CutSeconds);
        }

        void Add(string goal, double figure, double? atLeast, double? atMost)
        {
            bool met = !(figure < atLeast) && !(figure > atMost);
            lines.Add([goal, atLeast is null ? $"≤ {atMost}" : $"≥ {atLeast}", $"{figure:F2}", met ? "yes" : "NO"]);
        }

        Row? Find(string work, Contender contender) => rows.FirstOrDefault(row => row.Work == work && row.Contender == contender && row.Samples.Count > 0);
    }
}
