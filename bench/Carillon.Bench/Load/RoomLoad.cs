using System.Net;
using Carillon.Bench.Linux;
using Carillon.Bench.Wire;

namespace Carillon.Bench.Load;

/// <summary>Rooms of equal size; clients of the same protocol publish to them in turn, and the server sends each message to its room.</summary>
internal sealed class RoomLoad : IDisposable
{
    private readonly EventLoop _answers = new();
    private readonly EventLoop _deliveries = new();
    private readonly RoomLedger _ledger;
    private readonly LoadLoop _loop;
    private readonly Measurement _measurement;

    /// <summary>Connects all clients.</summary>
    /// <param name="server">Where.</param>
    /// <param name="protocol">Of all clients.</param>
    /// <param name="scenario">How many rooms of how many members, and the payload.</param>
    /// <param name="publishers">Connections that publish.</param>
    /// <param name="start">Starts the clock of the round.</param>
    public RoomLoad(IPEndPoint server, IRoomProtocol protocol, RoomScenario scenario, int publishers, Func<Measurement> start)
    {
        _ledger = new RoomLedger(scenario.Rooms, scenario.Members, publishers);
        Opening[] joins = [.. Enumerable.Range(0, scenario.Rooms).Select(room => protocol.Join(scenario.RoomName(room)))];
        Crowd.Connect(
            _deliveries,
            scenario.Rooms * scenario.Members,
            number => protocol.Subscribe(server, joins[RoomLedger.RoomOf(number, scenario.Rooms)], number, OnDelivered));
        Crowd.Connect(_answers, publishers, _ => protocol.Connect(server));
        MessageTemplate template = protocol.PublishTo(scenario.RoomPattern, scenario.PayloadSize);
        IPublisher[] all = [.. _answers.Links.Cast<WebSocketLink>().Select(link => new RoomPublisher(link, template))];
        _measurement = start();
        _loop = new LoadLoop(_answers, _deliveries, all, _ledger, new Heartbeats([.. _deliveries.Links, .. _answers.Links]), _measurement);
    }

    public (Sample Sample, Verdict Verdict) Run(IPace pace) => _loop.Run(pace);

    public void Dispose()
    {
        _answers.Dispose();
        _deliveries.Dispose();
    }

    private void OnDelivered(int subscriber, int position, int sequence, long now) => _measurement.Record(now - _ledger.Deliver(subscriber, sequence));
}
