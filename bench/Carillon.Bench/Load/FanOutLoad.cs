using System.Diagnostics;
using System.Net;
using Carillon.Bench.Linux;
using Carillon.Bench.Wire;

namespace Carillon.Bench.Load;

/// <summary>Publishes on one topic and receives at all its subscribers, on one thread.</summary>
internal sealed class FanOutLoad : IDisposable
{
    private static readonly TimeSpan DrainPatience = TimeSpan.FromSeconds(10);

    private readonly EventLoop _loop = new();
    private readonly MessageLedger _ledger;
    private readonly List<IPublisher> _publishers = [];
    private readonly Measurement _measurement;
    private int _nextPublisher;

    public FanOutLoad(IPEndPoint server, string topic, BenchOptions options, Func<Measurement> start)
    {
        _ledger = new MessageLedger(options.Subscribers);
        for (int i = 0; i < options.Subscribers; i++)
        {
            _loop.Add(Subscriber.Connect(server, topic, OnDelivered));
        }
        for (int i = 0; i < options.Publishers; i++)
        {
            Link publisher = options.PublishOver == Ingress.Http
                ? HttpPublisher.Connect(server, topic, withId: false, OnAnswered)
                : SocketIoPublisher.Connect(server, topic, withId: false, OnAnswered);
            _loop.Add(publisher);
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
            _loop.Poll(pace.Patience(now));
            now = Stopwatch.GetTimestamp();
        }
        long deadline = now + Measurement.Ticks(DrainPatience);
        while ((_ledger.UnderWay > 0 || _ledger.Answered < _ledger.Sent) && Stopwatch.GetTimestamp() < deadline)
        {
            _loop.Poll(DrainPatience / 10);
        }
        return (_measurement.Sample!, _ledger.Judge());
    }

    public void Dispose() => _loop.Dispose();

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
