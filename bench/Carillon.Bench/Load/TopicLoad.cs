using System.Net;
using Carillon.Bench.Linux;
using Carillon.Bench.Wire;
using Carillon.Bench.Wire.SocketIo;

namespace Carillon.Bench.Load;

/// <summary>One topic, all of whose subscribers speak the same protocol.</summary>
internal sealed class TopicLoad : IDisposable
{
    private readonly EventLoop _answers = new();
    private readonly EventLoop _deliveries = new();
    private readonly MessageLedger _ledger;
    private readonly LoadLoop _loop;
    private readonly Measurement _measurement;

    /// <summary>Connects all clients.</summary>
    /// <param name="server">Where.</param>
    /// <param name="protocol">Of the subscribers.</param>
    /// <param name="topic">The topic.</param>
    /// <param name="options">How many subscribers, and how their messages are published.</param>
    /// <param name="start">Starts the clock of the round.</param>
    public TopicLoad(IPEndPoint server, ITopicProtocol protocol, string topic, BenchOptions options, Func<Measurement> start)
    {
        _ledger = new MessageLedger(options.Subscribers);
        Func<IPEndPoint, int, MessageDelivered, Link> subscribe = protocol.To(topic);
        Crowd.Connect(_deliveries, options.Subscribers, number => subscribe(server, number, OnDelivered));
        List<IPublisher> publishers = [];
        if (options.PublishOver == Ingress.Http)
        {
            for (int i = 0; i < options.Publishers; i++)
            {
                HttpPublisher publisher = new(server, topic, withId: false, OnAnswered);
                _answers.Add(publisher);
                publishers.Add(publisher);
            }
        }
        else
        {
            MessageTemplate template = SocketIoPublisher.Template(topic, withId: false);
            Crowd.Connect(_answers, options.Publishers, _ => new SocketIoPublisher(server, template, OnAnswered));
            publishers.AddRange(_answers.Links.Cast<IPublisher>());
        }
        _measurement = start();
        _loop = new LoadLoop(_answers, _deliveries, publishers, _ledger, new Heartbeats([]), _measurement);
    }

    public (Sample Sample, Verdict Verdict) Run(IPace pace) => _loop.Run(pace);

    public void Dispose()
    {
        _answers.Dispose();
        _deliveries.Dispose();
    }

    private void OnAnswered(int sequence, long offset, long now) => _ledger.Answer(sequence, offset);

    private void OnDelivered(int subscriber, int position, int sequence, long now) => _measurement.Record(now - _ledger.Deliver(position, sequence));
}
