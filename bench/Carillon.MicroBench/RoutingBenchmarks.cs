using BenchmarkDotNet.Attributes;
using Carillon.Consumers.InMemory;
using Carillon.Engines;
using Carillon.Engines.InMemory;
using Carillon.Hubs;
using Carillon.Publishing;
using Carillon.Sessions;
using Carillon.Topics;

namespace Carillon.MicroBench;

/// <summary>
/// The whole way of a message through a hub, from the publish to a subscriber whose pattern matches its topic, among many whose patterns do not; on a topic that is not stored, so that
/// routing is what is left. <see cref="PatternBenchmarks"/> times the search alone.
/// </summary>
[MemoryDiagnoser]
public class RoutingBenchmarks
{
    private const int Batch = 256;
    private const int PatternsOfASession = 100;

    private static readonly TopicName Wanted = TopicName.Create("orders.eu.4711.paid");

    private readonly Counter _matching = new();
    private readonly Counter _others = new();
    private readonly PublishRequest _request = new() { Topic = Wanted, Payload = Samples.Payload(128) };
    private Hub? _hub;

    /// <summary>Patterns that do not match, half of them as near as can be.</summary>
    [Params(10, 1_000, 100_000)]
    public int Unrelated { get; set; }

    /// <summary>Subscribes to them, and to one that matches.</summary>
    [GlobalSetup]
    public async Task SetUpAsync()
    {
        var options = new HubOptions { Topics = [new Topic { Name = Wanted, Ephemeral = true }] };
        _hub = new Hub(options, new InMemoryTopicEngine(new EngineOptions(), TimeProvider.System), new InMemoryConsumerStore(), TimeProvider.System);
        await _hub.StartAsync(CancellationToken.None);
        foreach (int[] some in Enumerable.Range(0, Unrelated).Chunk(PatternsOfASession))
        {
            await SubscribeAsync($"s{some[0]}", _others, some.Select(static i => i % 2 == 0 ? $"orders.eu.{10_000 + i}.*" : $"stock.{i}.>"));
        }

        await SubscribeAsync("wanted", _matching, ["orders.*.*.paid"]);
    }

    /// <summary>Ends it.</summary>
    [GlobalCleanup]
    public async Task CleanUpAsync() => await _hub!.DisposeAsync();

    /// <summary>A message is published and delivered; 256 at a time, as under load.</summary>
    [Benchmark(OperationsPerInvoke = Batch)]
    public async Task Publish_and_deliver()
    {
        Task delivered = _matching.CountAsync(Batch);
        for (int i = 0; i < Batch; i++)
        {
            await _hub!.PublishAsync(_request, CancellationToken.None);
        }

        await delivered;
    }

    private async Task SubscribeAsync(string session, Counter subscriber, IEnumerable<string> patterns)
    {
        var request = new SubscribeRequest { Topics = [.. patterns.Select(static pattern => new WantedTopic(TopicName.Create(pattern)))], Subscriber = subscriber };
        if ((await _hub!.OpenSession(session).SubscribeAsync(request, CancellationToken.None)).Error is { } error)
        {
            throw new InvalidOperationException(error.Message);
        }
    }
}
