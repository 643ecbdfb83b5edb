using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Carillon.Access;
using Carillon.Consumers;
using Carillon.Deliveries;
using Carillon.Diagnostics;
using Carillon.Engines;
using Carillon.Engines.InMemory;
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
public sealed partial class Hub : IAsyncDisposable
{
    // What a new subscriber of an ephemeral topic may be given at once; there is no other history.
    private static readonly EngineOptions EphemeralHistory = new() { Retention = new Retention { MaxCount = 1 } };

    private readonly TopicRegistry _topics;
    private readonly InMemoryTopicEngine _ephemeral;
    private readonly FanOut _fanOut;
    private readonly Publisher _publisher;
    private readonly ObserverList _observers = new();
    private readonly ConcurrentDictionary<string, Session> _sessions = new(StringComparer.Ordinal);
    private readonly Lock _composing = new(); // Guards that topics and patterns come one after another, each knowing those before it. Nobody is asked under it.
    private int _compositions; // How many topics were composed so far.
    private bool _isStopping;

    /// <summary>
    /// Raised when something of the application's failed that the hub is composed of: an access check, a spec, a field, a filter, a rule, the engine. <see cref="HubPart"/> says what follows. At most
    /// once a minute for each part of each topic, on the thread that met it: handlers neither block nor throw. Hubs of <c>AddCarillon</c> are listened to by the application's log.
    /// </summary>
    public event EventHandler<HubFaultEventArgs>? Faulted;

    /// <summary>Makes a hub that is not started yet.</summary>
    /// <exception cref="ArgumentException"><see cref="HubOptions.SegmentSeparator"/> is no separator.</exception>
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
        Segments = new TopicSegments(options.SegmentSeparator);
        Patterns = new PatternIndex(Segments);
        _topics = new TopicRegistry(options.MaxTopics, time, Segments);
        _ephemeral = new InMemoryTopicEngine(EphemeralHistory, time) { IsForEphemeral = true };
        Engines = new EngineChoice(engine, _ephemeral, _topics);
        Metrics = new HubMetrics(meters, () => _topics.Count, () => _fanOut!.Backlog, options.Name);
        Faults = new HubFaults(time) { Listener = fault => Faulted?.Invoke(this, fault) };
        _fanOut = new FanOut(_topics, options.UnknownTopics == UnknownTopics.Create, Patterns, _observers, Metrics, Faults, EndFaulty);
        _publisher = new Publisher(options, _topics, Engines, time, Metrics, Faults);
        StartedAt = UnixTime.Now(time);
    }

    /// <summary>The hub's settings.</summary>
    public HubOptions Options { get; }

    /// <summary>How the hub divides topics' names.</summary>
    public TopicSegments Segments { get; }

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

    /// <summary>False when nobody may monitor the hub any more: <see cref="HubOptions.Monitors"/> does not say who may, and there is a guarded topic. Cheap.</summary>
    public bool MayBeMonitored => Options.Monitors is not null || !_topics.HasBeenGuarded;

    internal TopicRegistry Topics => _topics;

    private TopicAccess Monitors => Options.Monitors ?? (MayBeMonitored ? TopicAccess.Anyone : TopicAccess.Nobody);

    internal EngineChoice Engines { get; }

    internal PatternIndex Patterns { get; }

    internal ObserverList Observers => _observers;

    internal HubFaults Faults { get; }

    internal bool IsStopping
    {
        get => Volatile.Read(ref _isStopping);
        private set => Volatile.Write(ref _isStopping, value);
    }

    /// <summary>Opens the engine and the store, brings back the topics of earlier runs and creates the configured ones.</summary>
    /// <exception cref="InvalidOperationException">A configured topic could not be created.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await _ephemeral.StartAsync(_fanOut, cancellationToken);
        foreach (StoredTopic topic in await Engine.StartAsync(_fanOut, cancellationToken))
        {
            _topics.BringBack(topic, reopens: Options.UnknownTopics != UnknownTopics.Closed);
        }

        await Consumers.StartAsync(cancellationToken);
        foreach (Topic topic in Options.Topics)
        {
            if (await AddTopicAsync(topic, cancellationToken) is { } error)
            {
                throw new InvalidOperationException($"Topic '{topic.Name}' could not be created: {error.Message}");
            }
        }
    }

    /// <summary>
    /// Publishes a message; see <see cref="ITopicEngine.PublishAsync"/> for what the answer guarantees. While fan-out is far behind, it waits before it gives
    /// the message to the engine.
    /// </summary>
    public async ValueTask<PublishResult> PublishAsync(PublishRequest request, CancellationToken cancellationToken)
    {
        Admission admission = await AdmitAsync(request, cancellationToken);
        return admission.Accepted ? await StoreAsync(admission.Request, cancellationToken) : PublishResult.Refused(admission.Error);
    }

    /// <summary>
    /// The first half of <see cref="PublishAsync"/>: decides whether a publish may go to the engine, when fan-out is not too far behind. Who wants the order of several publishes kept
    /// awaits this for each, then calls <see cref="StoreAsync"/>.
    /// </summary>
    public async ValueTask<Admission> AdmitAsync(PublishRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        await _fanOut.WaitForRoomAsync(cancellationToken);
        return await _publisher.AdmitAsync(request, cancellationToken);
    }

    /// <summary>The second half: the engine has the message when the call returns, so that several get their offsets in the order of the calls.</summary>
    /// <param name="admitted">What <see cref="AdmitAsync"/> returned.</param>
    /// <param name="cancellationToken">Gives up waiting, not the publish.</param>
    public ValueTask<PublishResult> StoreAsync(PublishRequest admitted, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(admitted);
        return _publisher.StoreAsync(admitted, cancellationToken);
    }

    /// <summary>
    /// Records that a consumer has processed a message. Complete when it is on record. A topic that does not exist is created, or refused where
    /// unknown topics are rejected. Asks nobody for authority: what a client says goes through <see cref="Session.ConsumedAsync"/>.
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
    /// <param name="requester">Who the client is; null for somebody of whom nothing is known.</param>
    /// <param name="owner">The client's connection, for the hub's rules; null for a client that keeps to none.</param>
    public Session OpenSession(string id, Requester? requester = null, ISessionOwner? owner = null)
    {
        var session = new Session(this, id, requester ?? Requester.Anonymous, owner);
        _sessions[id] = session;
        Metrics.Session(+1);
        return session;
    }

    /// <summary>
    /// Takes from clients what they had by tokens that have expired or were revoked. When it returns, nothing more of a guarded topic is delivered by them; the task completes when it
    /// was decided for all that were found what they keep without, and they were told. To be called by the heartbeat, also while an earlier call is not complete: within its interval a
    /// token's end is known everywhere, whatever the policies or the storage of others are waiting for. Policies that failed for subscriptions to patterns are asked again.
    /// </summary>
    public ValueTask DropExpiredAsync()
    {
        DateTimeOffset now = Time.GetUtcNow();
        List<Session>? expired = null;
        foreach ((_, Session session) in _sessions)
        {
            if (session.HoldExpired(now) && session.TryBeginDropping())
            {
                (expired ??= []).Add(session);
            }
        }

        Task deciding = DecideFailedAsync();
        return expired is null ? new ValueTask(deciding) : new ValueTask(Task.WhenAll(expired.Select(session => Task.Run(() => session.DropExpiredAsync(now))).Append(deciding)));
    }

    /// <summary>Null when the requester may see what happens in the hub, by <see cref="HubOptions.Monitors"/>; else why not.</summary>
    public ValueTask<Error?> CheckMonitorAsync(Requester requester, CancellationToken cancellationToken) =>
        Monitors.DecideAsync(new AccessRequest(requester, default, AccessKind.Monitor), Faults, cancellationToken);

    /// <summary>Checks the rules for every client, and has those disconnected who broke one. To be called by the heartbeat, one call at a time.</summary>
    public void CheckRules()
    {
        if (Options.Rules.Count == 0)
        {
            return;
        }

        long now = Time.GetTimestamp();
        foreach (Session session in _sessions.Values)
        {
            session.CheckRules(Options.Rules, now);
        }
    }

    /// <summary>Lets <paramref name="observer"/> see everything from now on.</summary>
    public void AddObserver(IHubObserver observer) => _observers.Add(observer);

    /// <summary>Ends what <see cref="AddObserver"/> began.</summary>
    public void RemoveObserver(IHubObserver observer) => _observers.Remove(observer);

    /// <summary>Finishes what was accepted and closes engine and store.</summary>
    public async ValueTask DisposeAsync()
    {
        IsStopping = true;
        await _ephemeral.DisposeAsync();
        await Engine.DisposeAsync();
        await Consumers.DisposeAsync();
        Metrics.Dispose();
    }

    internal void Forget(Session session) => _sessions.TryRemove(new KeyValuePair<string, Session>(session.Id, session));

    // On a thread of its own: fan-out goes on meanwhile.
    private void EndFaulty(Subscription subscription)
    {
        var reason = new Error(ErrorCode.Internal, $"Topic '{subscription.Name}': the server failed to deliver a message", "topic");
        _ = Task.Run(() => FindSession(subscription)?.EndAsync(subscription, reason) ?? Task.CompletedTask);
    }

    private Session? FindSession(Subscription subscription) => _sessions.GetValueOrDefault(subscription.Record.SessionId);

    internal static Error NotAPattern { get; } = Error.Invalid("topic", "must name one topic: '*' and '>' as whole segments are wildcards, for subscribing");

    internal static Error NameOfFilters(TopicName filtered) => Error.Invalid("topic", $"must be '{filtered}' itself: the words behind that name select messages of it, for subscribing");

    internal static Error UnknownTopic(TopicName topic) => new(ErrorCode.TopicNotFound, $"Topic '{topic}' does not exist", "topic");

    internal static Error TooManyTopics(int most) =>
        new(ErrorCode.TooManyTopics, $"The hub holds its {most} topics already; no further one can be created", "topic");

    // What a consumption names is shown among the topics, so it is one, within the hub's limit.
    private async ValueTask<Error?> CheckConsumedTopicAsync(TopicName name, CancellationToken cancellationToken)
    {
        if (_topics.FindMeant(name) is not null)
        {
            return null;
        }

        if (_topics.FindFiltered(name) is { } filtered)
        {
            return NameOfFilters(filtered.Topic.Name);
        }

        return Options.UnknownTopics != UnknownTopics.Create
            ? UnknownTopic(name)
            : (await GetOrCreateTopicAsync(name, cancellationToken)).Error;
    }
}
