using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Carillon.Diagnostics;

/// <summary>What a hub counts: the instruments of the meter <c>Carillon.Hub</c>, tagged with the hub's name if it has one, and the totals since start.</summary>
/// <remarks>Thread-safe. Counters on the hot path are plain totals that the meter reads when somebody collects.</remarks>
public sealed class HubMetrics : IDisposable
{
    /// <summary>The name of the meter.</summary>
    public const string MeterName = "Carillon.Hub";

    private readonly Meter _meter;
    private readonly Histogram<double> _publishDuration;
    private long _published;
    private long _duplicates;
    private long _refused;
    private long _delivered;
    private long _consumed;
    private long _sessions;
    private long _subscriptions;

    internal HubMetrics(IMeterFactory? meters, Func<int> topics, Func<int> backlog, string? hub = null)
    {
        var options = new MeterOptions(MeterName) { Tags = hub is null ? null : [new KeyValuePair<string, object?>("hub", hub)] };
        _meter = meters?.Create(options) ?? new Meter(options);
        _meter.CreateObservableCounter("carillon.publishes", () => Published, description: "Messages accepted");
        _meter.CreateObservableCounter("carillon.publishes.duplicate", () => Duplicates, description: "Publishes answered with an earlier message");
        _meter.CreateObservableCounter("carillon.publishes.refused", () => Refused, description: "Publishes refused");
        _meter.CreateObservableCounter("carillon.deliveries", () => DeliveredTotal, description: "Messages put into subscribers' outboxes");
        _meter.CreateObservableCounter("carillon.consumptions", () => Consumed, description: "Consumptions recorded");
        _meter.CreateObservableGauge("carillon.sessions", () => Sessions, description: "Live sessions");
        _meter.CreateObservableGauge("carillon.subscriptions", () => Subscriptions, description: "Live subscriptions");
        _meter.CreateObservableGauge("carillon.topics", topics, description: "Topics that exist");
        _meter.CreateObservableGauge("carillon.fanout.queue", backlog, description: "Stored messages that wait for fan-out");
        _publishDuration = _meter.CreateHistogram<double>("carillon.publish.duration", "s", "From a publish request to its acknowledgement");
    }

    /// <summary>Messages accepted since start.</summary>
    public long Published => Interlocked.Read(ref _published);

    /// <summary>Publishes since start that were answered with an earlier message.</summary>
    public long Duplicates => Interlocked.Read(ref _duplicates);

    /// <summary>Publishes refused since start.</summary>
    public long Refused => Interlocked.Read(ref _refused);

    /// <summary>Messages put into subscribers' outboxes since start.</summary>
    public long DeliveredTotal => Interlocked.Read(ref _delivered);

    /// <summary>Consumptions recorded since start.</summary>
    public long Consumed => Interlocked.Read(ref _consumed);

    /// <summary>Live sessions.</summary>
    public long Sessions => Interlocked.Read(ref _sessions);

    /// <summary>Live subscriptions.</summary>
    public long Subscriptions => Interlocked.Read(ref _subscriptions);

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();

    internal void Publish(in Publishing.PublishResult result, long startedAt)
    {
        ref long total = ref !result.Accepted ? ref _refused : ref result.Duplicate ? ref _duplicates : ref _published;
        Interlocked.Increment(ref total);
        if (_publishDuration.Enabled)
        {
            _publishDuration.Record(Stopwatch.GetElapsedTime(startedAt).TotalSeconds);
        }
    }

    internal void Delivered(long messages) => Interlocked.Add(ref _delivered, messages);

    internal void Consumption() => Interlocked.Increment(ref _consumed);

    internal void Session(int change) => Interlocked.Add(ref _sessions, change);

    internal void Subscription(int change) => Interlocked.Add(ref _subscriptions, change);
}
