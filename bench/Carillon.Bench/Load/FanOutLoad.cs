using System.Diagnostics;
using System.Net;
using Carillon.Bench.Linux;
using Carillon.Bench.Wire;

namespace Carillon.Bench.Load;

/// <summary>Publishes on one topic and receives at all its subscribers, on one thread.</summary>
internal sealed class FanOutLoad : IDisposable
{
    private static readonly TimeSpan DrainPatience = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Subscribers are read at this interval. If every delivery woke the generator, the wake-up would be the greater part of the server's cost for it
    /// (an interrupt between cores, and on a virtual machine an exit): what is measured would be this machine, where the clients should be elsewhere.
    /// </summary>
    private static readonly TimeSpan GatherInterval = TimeSpan.FromMicroseconds(500);

    private readonly EventLoop _answers = new();
    private readonly EventLoop _deliveries = new();
    private readonly MessageLedger _ledger;
    private readonly List<IPublisher> _publishers = [];
    private readonly Measurement _measurement;
    private int _nextPublisher;
    private long _gatherAt;

    public FanOutLoad(IPEndPoint server, string topic, BenchOptions options, Func<Measurement> start)
    {
        _ledger = new MessageLedger(options.Subscribers);
        for (int i = 0; i < options.Subscribers; i++)
        {
            _deliveries.Add(Subscriber.Connect(server, topic, OnDelivered));
        }
        for (int i = 0; i < options.Publishers; i++)
        {
            Link publisher = options.PublishOver == Ingress.Http
                ? HttpPublisher.Connect(server, topic, withId: false, OnAnswered)
                : SocketIoPublisher.Connect(server, topic, withId: false, OnAnswered);
            _answers.Add(publisher);
            _publishers.Add((IPublisher)publisher);
        }
        _measurement = start();
    }

    public (Sample Sample, Verdict Verdict) Run(IPace pace)
    {
        long now = Stopwatch.GetTimestamp();
        while (_measurement.Continues(now))
        {
            PublishWhatIsDue(pace, now);
            Receive(now, pace.Patience(now));
            now = Stopwatch.GetTimestamp();
        }
        long deadline = now + Measurement.Ticks(DrainPatience);
        while ((_ledger.UnderWay > 0 || _ledger.Answered < _ledger.Sent) && Stopwatch.GetTimestamp() < deadline)
        {
            Receive(Stopwatch.GetTimestamp(), GatherInterval);
        }
        return (_measurement.Sample!, _ledger.Judge());
    }

    public void Dispose()
    {
        _answers.Dispose();
        _deliveries.Dispose();
    }

    private void Receive(long now, TimeSpan patience)
    {
        TimeSpan untilGathering = _gatherAt > now ? Stopwatch.GetElapsedTime(now, _gatherAt) : TimeSpan.Zero;
        _ = _answers.Poll(patience < untilGathering ? patience : untilGathering);
        now = Stopwatch.GetTimestamp();
        if (now >= _gatherAt)
        {
            bool more = _deliveries.Poll(TimeSpan.Zero);
            _gatherAt = more ? now : now + Measurement.Ticks(GatherInterval);
        }
    }

    private void PublishWhatIsDue(IPace pace, long now)
    {
        for (int asked = 0; asked < _publishers.Count; asked++)
        {
            IPublisher publisher = _publishers[_nextPublisher];
            while (publisher.IsReady)
            {
                if (!pace.TryTake(now, _ledger.UnderWay, out long dueAt))
                {
                    return;
                }
                publisher.Publish(_ledger.Add(dueAt));
            }
            _nextPublisher = (_nextPublisher + 1) % _publishers.Count;
        }
    }

    private void OnAnswered(int sequence, long offset, long now) => _ledger.Answer(sequence, offset);

    private void OnDelivered(int position, int sequence, long now) => _measurement.Record(now - _ledger.Deliver(position, sequence));
}
