using BenchmarkDotNet.Attributes;
using Carillon.Consumers;
using Carillon.Deliveries;
using Carillon.Errors;
using Carillon.Topics;
using Carillon.Topics.Patterns;

namespace Carillon.MicroBench;

/// <summary>What it costs to find the patterns that match a topic, among many that do not.</summary>
[MemoryDiagnoser]
public class PatternBenchmarks
{
    private readonly TopicName _topic = TopicName.Create("orders.eu.4711.paid");
    private readonly List<Subscription> _found = [];
    private PatternIndex _index = new(new TopicSegments());

    /// <summary>Patterns that do not match, half of them as near as can be.</summary>
    [Params(10, 1_000, 100_000)]
    public int Unrelated { get; set; }

    /// <summary>Adds them, and three that match.</summary>
    [GlobalSetup]
    public void SetUp()
    {
        _index = new PatternIndex(new TopicSegments());
        for (int i = 0; i < Unrelated; i++)
        {
            Add(i % 2 == 0 ? $"orders.eu.{10_000 + i}.*" : $"stock.{i}.>");
        }

        Add("orders.*.*.paid");
        Add("orders.eu.>");
        Add("orders.eu.4711.*");
    }

    /// <summary>Finds the three.</summary>
    [Benchmark]
    public int Find()
    {
        _found.Clear();
        _index.Find(_topic, _found);
        return _found.Count;
    }

    private void Add(string pattern)
    {
        var record = new SubscriptionRecord("s", null, TopicName.Create(pattern), default);
        _index.Add(new Subscription(_index, Nobody.Instance, record, new DeliveryMark()), replaced: null);
    }

    private sealed class Nobody : ISubscriber
    {
        public static readonly Nobody Instance = new();

        public void OnSubscribed(TopicName topic)
        {
        }

        public bool TryDeliver(Delivery delivery) => false;

        public ValueTask WaitForRoomAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

        public void OnEnded(TopicName topic, Error reason)
        {
        }
    }
}
