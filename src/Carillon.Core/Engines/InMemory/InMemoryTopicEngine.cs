using System.Security.Cryptography;
using Carillon.Errors;
using Carillon.Messages;
using Carillon.Publishing;
using Carillon.Topics;

namespace Carillon.Engines.InMemory;

/// <summary>
/// Keeps messages in memory: nothing survives the process. For tests, and for topics whose history may be lost. An id that it made itself is known as long as its message is kept and the
/// dedupe window lasts; one that a publisher gave, for the whole window.
/// </summary>
public sealed class InMemoryTopicEngine : ITopicEngine
{
    private static readonly TimeSpan SweepInterval = TimeSpan.FromSeconds(10);
    private static readonly EngineStatus Down = new(Ready: false, "the engine is not started or is stopped");

    private readonly TimeProvider _time;
    private readonly Lock _gate = new(); // guards all below; the sink's call under it only queues
    private readonly Dictionary<TopicName, TopicLog> _logs = [];
    private readonly RecentProducers _producers = new();
    private readonly RetentionTable _retention;
    private readonly DedupeWindow _dedupe;
    private IMessageSink? _sink;
    private ITimer? _sweep;
    private long _sequence;

    /// <summary>Makes an engine that is not started yet.</summary>
    public InMemoryTopicEngine(EngineOptions options, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        _time = time;
        _retention = new RetentionTable(options);
        _dedupe = new DedupeWindow(options.DedupeWindow);
    }

    /// <summary>Whether it is a hub's engine of ephemeral topics: nobody asks it for <see cref="ListProducersAsync"/>, and its messages tell where they are from.</summary>
    internal bool IsForEphemeral { get; init; }

    /// <inheritdoc/>
    public EngineStatus Status => Volatile.Read(ref _sink) is null ? Down : EngineStatus.Up;

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<StoredTopic>> StartAsync(IMessageSink sink, CancellationToken cancellationToken)
    {
        _sweep = _time.CreateTimer(static engine => ((InMemoryTopicEngine)engine!).Sweep(), this, SweepInterval, SweepInterval);
        Volatile.Write(ref _sink, sink);
        return new ValueTask<IReadOnlyList<StoredTopic>>([]);
    }

    /// <inheritdoc/>
    public ValueTask<Error?> CreateAsync(StoredTopic topic, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(topic);
        lock (_gate)
        {
            if (_sink is null)
            {
                return new ValueTask<Error?>(Unavailable());
            }

            _retention.Set(topic.Name, topic.Retention);
            LogOf(topic.Name).Retention = _retention.Of(topic.Name);
            return new ValueTask<Error?>((Error?)null);
        }
    }

    /// <inheritdoc/>
    public ValueTask<PublishResult> PublishAsync(PublishRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        lock (_gate)
        {
            return new ValueTask<PublishResult>(_sink is null ? PublishResult.Refused(Unavailable()) : Publish(request, _sink));
        }
    }

    /// <inheritdoc/>
    public ValueTask<Page<Message>> QueryAsync(MessageQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        List<TopicLog.Slice> slices;
        lock (_gate)
        {
            IEnumerable<TopicLog> logs = query.Topic is not { } topic ? _logs.Values : _logs.TryGetValue(topic, out TopicLog? only) ? [only] : [];
            UnixTime now = UnixTime.Now(_time);
            slices = [.. logs.Select(log => log.Read(now))];
        }

        return new ValueTask<Page<Message>>(MessageSelection.Select(slices, query, cancellationToken));
    }

    /// <inheritdoc/>
    public ValueTask<TopicHistory?> DescribeAsync(TopicName topic, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (!_logs.TryGetValue(topic, out TopicLog? log))
            {
                return new ValueTask<TopicHistory?>((TopicHistory?)null);
            }

            log.Trim(UnixTime.Now(_time));
            return new ValueTask<TopicHistory?>(new TopicHistory(log.Epoch, log.LastOffset - log.Count + 1, log.LastOffset));
        }
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<ProducerLink>> ListProducersAsync(int limit, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return new ValueTask<IReadOnlyList<ProducerLink>>(_producers.Newest(limit));
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            Volatile.Write(ref _sink, null);
        }

        if (_sweep is not null)
        {
            await _sweep.DisposeAsync();
        }
    }

    /// <summary>Lets go of a topic and all that is kept of it; one of that name which comes after it begins with another epoch.</summary>
    internal void Remove(TopicName topic)
    {
        lock (_gate)
        {
            _logs.Remove(topic);
        }
    }

    private static Error Unavailable() => new(ErrorCode.Unavailable, "The engine is stopped");

    private PublishResult Publish(PublishRequest request, IMessageSink sink)
    {
        UnixTime now = UnixTime.Now(_time);
        TopicLog log = LogOf(request.Topic);
        if (request.MessageId is { } id && FindKnown(log, request.Topic, id, now) is { } known)
        {
            return PublishResult.Known(id, known.Offset, known.Timestamp, log.Epoch);
        }

        UnixTime timestamp = now > log.LastTimestamp ? now : log.LastTimestamp;
        var message = new Message
        {
            Topic = request.Topic,
            Offset = log.LastOffset + 1,
            MessageId = request.MessageId ?? MessageIds.New(timestamp),
            Producer = request.Producer,
            Publisher = request.Requester.Identities,
            Timestamp = timestamp,
            Payload = request.Payload,
            IsEphemeral = IsForEphemeral,
        };
        log.Append(new TopicLog.Entry(++_sequence, message));
        log.Trim(now);
        if (request.MessageId is not null)
        {
            _dedupe.Add(message, log.Epoch);
        }

        if (!IsForEphemeral && request.Producer is { } producer)
        {
            _producers.Add(new ProducerLink(producer, request.Topic));
        }

        sink.OnMessages(new ReadOnlySpan<Message>(in message));
        return PublishResult.Stored(message, log.Epoch);
    }

    // Ids of the engine's own are told by their time and found in the log: to remember each apart would take more than the short messages that they belong to.
    private DedupeWindow.Known? FindKnown(TopicLog log, TopicName topic, string id, UnixTime now)
    {
        if (_dedupe.Find(topic, id, log.Epoch, now) is { } known)
        {
            return known;
        }

        return MessageIds.TimeOf(id) is { } time && _dedupe.Covers(time, now) && log.Find(time, id) is { } message
            ? new DedupeWindow.Known(message.Offset, message.Timestamp, log.Epoch)
            : null;
    }

    private TopicLog LogOf(TopicName topic)
    {
        if (!_logs.TryGetValue(topic, out TopicLog? log))
        {
            log = new TopicLog(RandomNumberGenerator.GetHexString(8, lowercase: true)) { Retention = _retention.Of(topic) };
            _logs.Add(topic, log);
        }

        return log;
    }

    private void Sweep()
    {
        lock (_gate)
        {
            UnixTime now = UnixTime.Now(_time);
            _dedupe.Expire(now);
            foreach (TopicLog log in _logs.Values)
            {
                log.Trim(now);
            }
        }
    }
}
