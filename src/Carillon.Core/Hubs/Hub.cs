using System.Diagnostics.Metrics;
using Carillon.Consumers;
using Carillon.Deliveries;
using Carillon.Diagnostics;
using Carillon.Engines;
using Carillon.Errors;
using Carillon.Messages;
using Carillon.Monitoring;
using Carillon.Publishing;
using Carillon.Sessions;
using Carillon.Topics;
using Carillon.Topics.Patterns;

namespace Carillon.Hubs;

/// <summary>A closed world of topics, sessions and consumers over one engine. Every protocol is a codec for what this type offers.</summary>
/// <remarks>Thread-safe. The hub owns its engine and store and disposes them.</remarks>
public sealed class Hub : IAsyncDisposable
{
    private readonly TopicRegistry _topics;
    private readonly FanOut _fanOut;
    private readonly Publisher _publisher;
    private readonly ObserverList _observers = new();
    private bool _isStopping;

    /// <summary>Makes a hub that is not started yet.</summary>
    /// <param name="options">Its settings.</param>
    /// <param name="engine">Where its messages are; the hub disposes it.</param>
    /// <param name="consumers">Where its subscriptions and consumptions are; the hub disposes it.</param>
    /// <param name="time">Its clock.</param>
    /// <param name="meters">Makes its meter, so that an application sees only its own; null for a meter of the process.</param>
    public Hub(HubOptions options, ITopicEngine engine, IConsumerStore consumers, TimeProvider time, IMeterFactory? meters = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        Options = options;
        Engine = engine;
        Consumers = consumers;
        Time = time;
        _topics = new TopicRegistry(options.MaxTopics);
        Metrics = new HubMetrics(meters, () => _topics.Count, () => _fanOut!.Backlog);
        _fanOut = new FanOut(_topics, Patterns, _observers, Metrics);
        _publisher = new Publisher(options, _topics, engine, Metrics);
        StartedAt = UnixTime.Now(time);
    }

    /// <summary>The hub's settings.</summary>
    public HubOptions Options { get; }

    /// <summary>Where the hub's messages are.</summary>
    public ITopicEngine Engine { get; }

    /// <summary>Where the hub's subscriptions and consumptions are.</summary>
    public IConsumerStore Consumers { get; }

    /// <summary>The clock of the hub.</summary>
    public TimeProvider Time { get; }

    /// <summary>What the hub counts.</summary>
    public HubMetrics Metrics { get; }

    /// <summary>When the hub was made.</summary>
    public UnixTime StartedAt { get; }

    /// <summary>How many topics exist.</summary>
    public int TopicCount => _topics.Count;

    /// <summary>The names of the topics that exist, in no particular order.</summary>
    public IReadOnlyCollection<TopicName> TopicNames => [.. _topics.Names];

    internal TopicRegistry Topics => _topics;

    internal PatternIndex Patterns { get; } = new();

    internal ObserverList Observers => _observers;

    internal bool IsStopping
    {
        get => Volatile.Read(ref _isStopping);
        private set => Volatile.Write(ref _isStopping, value);
    }

    /// <summary>Opens the engine and the store, brings back the topics of earlier runs and creates the configured ones.</summary>
    /// <exception cref="InvalidOperationException">A configured topic could not be created.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (TopicName topic in await Engine.StartAsync(_fanOut, cancellationToken))
        {
            _topics.GetOrAdd(topic);
        }

        await Consumers.StartAsync(cancellationToken);
        foreach (TopicName topic in Options.Topics)
        {
            if (await Engine.CreateAsync(topic, cancellationToken) is { } error)
            {
                throw new InvalidOperationException($"Topic '{topic}' could not be created: {error.Message}");
            }

            _topics.GetOrAdd(topic);
        }
    }

    /// <summary>
    /// Publishes a message; see <see cref="ITopicEngine.PublishAsync"/> for what the answer guarantees. While fan-out is far behind, it waits before it gives
    /// the message to the engine.
    /// </summary>
    public async ValueTask<PublishResult> PublishAsync(PublishRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        await _fanOut.WaitForRoomAsync(cancellationToken);
        return await _publisher.PublishAsync(request, cancellationToken);
    }

    /// <summary>
    /// As <see cref="PublishAsync"/>, but the engine has the message when the call returns: several of them get their offsets in the order of the calls.
    /// Who uses it awaits <see cref="WaitForRoomAsync"/> before each.
    /// </summary>
    public ValueTask<PublishResult> PublishInOrderAsync(PublishRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        return _publisher.PublishAsync(request, cancellationToken);
    }

    /// <summary>Completes when fan-out is not too far behind.</summary>
    public ValueTask WaitForRoomAsync(CancellationToken cancellationToken) => _fanOut.WaitForRoomAsync(cancellationToken);

    /// <summary>
    /// Records that a consumer has processed a message. Complete when it is on record. A topic that does not exist is created, or refused where
    /// unknown topics are rejected.
    /// </summary>
    public async ValueTask<ConsumptionResult> ConsumedAsync(Consumption consumption, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(consumption);
        if (await CheckConsumedTopicAsync(consumption.Topic, cancellationToken) is { } error)
        {
            return new ConsumptionResult(error, Duplicate: false);
        }

        ConsumptionResult result = await Consumers.RecordAsync(consumption, cancellationToken);
        if (result is { Error: null, Duplicate: false })
        {
            Metrics.Consumption();
            foreach (IHubObserver observer in _observers.Snapshot().ToArray())
            {
                observer.OnConsumed(consumption);
            }
        }

        return result;
    }

    /// <summary>Opens the session of a client that has just connected. Close it when the client is gone.</summary>
    /// <param name="id">Unique among the live sessions of the hub.</param>
    public Session OpenSession(string id)
    {
        Metrics.Session(+1);
        return new Session(this, id);
    }

    /// <summary>Lets <paramref name="observer"/> see everything from now on.</summary>
    public void AddObserver(IHubObserver observer) => _observers.Add(observer);

    /// <summary>Ends what <see cref="AddObserver"/> began.</summary>
    public void RemoveObserver(IHubObserver observer) => _observers.Remove(observer);

    /// <summary>Finishes what was accepted and closes engine and store.</summary>
    public async ValueTask DisposeAsync()
    {
        IsStopping = true;
        await Engine.DisposeAsync();
        await Consumers.DisposeAsync();
        Metrics.Dispose();
    }

    internal static Error NotAPattern { get; } = Error.Invalid("topic", "must name one topic: '*' and '>' as whole segments are wildcards, for subscribing");

    internal static Error UnknownTopic(TopicName topic) => new(ErrorCode.TopicNotFound, $"Topic '{topic}' does not exist", "topic");

    internal static Error TooManyTopics(int most) =>
        new(ErrorCode.TooManyTopics, $"The hub holds its {most} topics already; no further one can be created", "topic");

    // What a consumption names is shown among the topics, so it is one, within the hub's limit.
    private async ValueTask<Error?> CheckConsumedTopicAsync(TopicName name, CancellationToken cancellationToken)
    {
        if (_topics.Find(name) is not null)
        {
            return null;
        }

        return Options.UnknownTopics == UnknownTopics.Reject
            ? UnknownTopic(name)
            : (await GetOrCreateTopicAsync(name, cancellationToken)).Error;
    }

    /// <summary>The topic of that name, created if there is none: a subscriber brings its topic into being.</summary>
    internal async ValueTask<(LiveTopic? Topic, Error? Error)> GetOrCreateTopicAsync(TopicName name, CancellationToken cancellationToken)
    {
        if (_topics.Find(name) is { } known)
        {
            return (known, null);
        }

        if (TopicPattern.IsPattern(name))
        {
            return (null, NotAPattern);
        }

        if (_topics.IsFull)
        {
            return (null, TooManyTopics(_topics.MaxTopics));
        }

        Error? error = await Engine.CreateAsync(name, cancellationToken);
        return error is null ? (_topics.GetOrAdd(name), null) : (null, error);
    }
}
