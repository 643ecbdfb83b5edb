using Carillon.Bench.Load;
using Carillon.Bench.Report;
using Carillon.Bench.Targets;
using Carillon.Bench.Wire;
using Carillon.Bench.Wire.Events;
using Carillon.Bench.Wire.SocketIo;
using Carillon.Bench.Wire.WebSocketJson;

namespace Carillon.Bench.Parts;

/// <summary>The fan-out of a topic over each protocol that the program speaks, as fast as it goes: by turns, from one process.</summary>
internal sealed class ProtocolParts(BenchOptions options, string repository, string workDirectory, Rounds rounds)
{
    private static readonly (Contender Contender, ITopicProtocol Protocol)[] Protocols =
    [
        (Contender.RoomStyle, SocketIoTopics.RoomStyle),
        (Contender.ConsumerStyle, SocketIoTopics.ConsumerStyle),
        (Contender.WebSocketJson, WebSocketTopics.Single),
        (Contender.PackedWebSocketJson, WebSocketTopics.Packed),
        (Contender.Events, EventTopics.Instance),
    ];

    /// <summary>As it stands in the table.</summary>
    public static string Work(BenchOptions options) => $"fan-out to {options.Subscribers:N0} by protocol, {MessageTemplate.PayloadSize} B, window {options.Window}";

    public async Task FanOutAsync()
    {
        using RunningServer server = RunningServer.Start(Target.Carillon(repository), workDirectory);
        (Row Row, ITopicProtocol Protocol)[] all =
            [.. Protocols.Select(item => (rounds.AddRow(Work(options), item.Contender, item.Protocol.Name), item.Protocol))];
        for (int round = 1; round <= options.Rounds; round++)
        {
            foreach ((int index, (Row row, ITopicProtocol protocol)) in all.Index())
            {
                await rounds.RunAsync(row, round, attempt =>
                {
                    string topic = $"protocols-{round}-{index}-{attempt}";
                    using TopicLoad load = new(server.Address, protocol, topic, options, () => rounds.Start(server));
                    return Task.FromResult(load.Run(new ClosedWindow(options.Window)));
                });
            }
        }
    }
}
