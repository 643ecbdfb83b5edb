using System.Diagnostics;
using System.Net;
using Carillon.Bench.Linux;
using Carillon.Bench.Wire;

namespace Carillon.Bench.Load;

/// <summary>Publishes over keep-alive HTTP connections, each with the next message as soon as the last one was answered.</summary>
internal sealed class PublishLoad : IDisposable
{
    /// <summary>Room for a long run, so that no list grows in the middle of it.</summary>
    private const int Expected = 4_000_000;

    private static readonly TimeSpan AnswerPatience = TimeSpan.FromSeconds(10);

    private readonly EventLoop _loop = new();
    private readonly List<HttpPublisher> _publishers = [];
    private readonly Measurement _measurement;
    private readonly List<long> _sentAt = new(Expected);
    private readonly List<long> _offsets = new(Expected);
    private int _answered;

    public PublishLoad(IPEndPoint server, string topic, bool withId, int connections, Func<Measurement> start)
    {
        for (int i = 0; i < connections; i++)
        {
            HttpPublisher publisher = new(server, topic, withId, OnAnswered);
            _loop.Add(publisher);
            _publishers.Add(publisher);
        }
        _measurement = start();
    }

    /// <summary>The offset that the answer to each message named; 0 for a message without an answer.</summary>
    public IReadOnlyList<long> Offsets => _offsets;

    public Sample Run()
    {
        long now = Stopwatch.GetTimestamp();
        while (_measurement.Continues(now))
        {
            foreach (HttpPublisher publisher in _publishers)
            {
                if (publisher.IsReady)
                {
                    _offsets.Add(0);
                    _sentAt.Add(Stopwatch.GetTimestamp());
                    publisher.Publish(_sentAt.Count - 1);
                }
            }
            _ = _loop.Poll(AnswerPatience);
            now = Stopwatch.GetTimestamp();
        }
        long deadline = now + Measurement.Ticks(AnswerPatience);
        while (_answered < _sentAt.Count && Stopwatch.GetTimestamp() < deadline)
        {
            _ = _loop.Poll(AnswerPatience / 10);
        }
        return _measurement.Sample!;
    }

    public void Dispose() => _loop.Dispose();

    private void OnAnswered(int sequence, long offset, long now)
    {
        _measurement.Record(now - _sentAt[sequence]);
        _answered++;
        _offsets[sequence] = offset;
    }
}
