using System.Diagnostics.CodeAnalysis;
using Carillon.Access;
using Carillon.Deliveries;
using Carillon.Errors;
using Carillon.Hubs;
using Carillon.Monitoring;
using Carillon.Rules;
using Carillon.Topics;

namespace Carillon.Sessions;

/// <summary>The logical client behind a connection, with its subscriptions: one per topic, the last form of subscribing counts.</summary>
/// <remarks>Thread-safe; operations of one session run one after another.</remarks>
[SuppressMessage("Reliability", "CA1001", Justification = "The semaphore is never waited on by handle, so it holds nothing to dispose of.")]
public sealed partial class Session
{
    private const int RemovalAttempts = 60;

    private static readonly TimeSpan RemovalPause = TimeSpan.FromSeconds(1);

    private readonly Hub _hub;
    private readonly SemaphoreSlim _oneAtATime = new(1, 1);
    private readonly Lock _gate = new(); // Guards what changes in _subscriptions and who is behind them; who has the turn reads without. Held for a moment only.
    private readonly Dictionary<TopicName, Subscription> _subscriptions = [];
    private readonly DeliveryMark _mark = new();
    private readonly ISessionOwner? _owner;
    private Requester[] _borrowed = [];
    private SemaphoreSlim? _catchUpTurn; // null as long as nothing has caught up
    private bool _isDropping;
    private bool _mayHaveRows;
    private bool _closed;
    private volatile bool _isClosing;
    private CancellationTokenSource? _policies; // Guarded by _gate. null while no policy takes its time.

    internal Session(Hub hub, string id, Requester requester, ISessionOwner? owner)
    {
        _hub = hub;
        _owner = owner;
        _history = owner is not null && hub.Options.Rules.Count > 0 ? new SubscriptionHistory(hub.Time) : null;
        Id = id;
        Requester = requester;
    }

    /// <summary>The session's id.</summary>
    public string Id { get; }

    /// <summary>Who the client is.</summary>
    public Requester Requester { get; private set; }

    /// <summary>
    /// Ends the subscriptions to <paramref name="topics"/>; those that do not exist are ignored. Waits its turn behind what the session does already; when this is complete nothing
    /// more is delivered.
    /// </summary>
    public async ValueTask<Error?> UnsubscribeAsync(IReadOnlyList<TopicName> topics, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(topics);
        await _oneAtATime.WaitAsync(cancellationToken);
        try
        {
            return await RemoveAsync(topics, cancellationToken);
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    /// <summary>
    /// Ends every subscription, because the client is gone: nothing is delivered from the call on, and a subscribe that is under way is refused, whatever it waits for. Complete when nothing is on
    /// record any more. Idempotent.
    /// </summary>
    public async ValueTask CloseAsync()
    {
        EndAtOnce();
        await _oneAtATime.WaitAsync();
        try
        {
            if (_closed)
            {
                return;
            }

            _closed = true;
            _hub.Forget(this);
            _hub.Metrics.Session(-1);
            Subscription[] ended = [.. _subscriptions.Values];
            lock (_gate)
            {
                _subscriptions.Clear();
            }

            Array.ForEach(ended, subscription => subscription.End());
            await RemoveAllRowsAsync();
            TellObservers(ended);
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    // Not in the session's turn, which may be waiting for policies or for storage.
    private void EndAtOnce()
    {
        CancellationTokenSource? policies;
        lock (_gate)
        {
            _isClosing = true;
            policies = _policies;
            foreach (Subscription subscription in _subscriptions.Values)
            {
                subscription.End();
            }
        }

        policies?.Cancel();
    }

    private ValueTask<Error?> RemoveAsync(IReadOnlyList<TopicName> topics, CancellationToken cancellationToken)
    {
        var ended = new List<Subscription>(topics.Count);
        lock (_gate)
        {
            foreach (TopicName name in topics)
            {
                if (_subscriptions.Remove(name, out Subscription? subscription))
                {
                    ended.Add(subscription);
                }
            }
        }

        foreach (Subscription subscription in ended)
        {
            subscription.End();
        }

        NoteCount();
        return ForgetAsync(ended, [.. ended.Select(s => s.Name)], cancellationToken);
    }

    private async ValueTask<Error?> ForgetAsync(List<Subscription> ended, IReadOnlyList<TopicName> topics, CancellationToken cancellationToken)
    {
        if (ended.Count == 0)
        {
            return null;
        }

        try
        {
            return await _hub.Consumers.RemoveSubscriptionsAsync(Id, topics, cancellationToken);
        }
        finally
        {
            TellObservers(ended); // They have ended, whatever becomes of their rows.
        }
    }

    /// <summary>Removes whatever the store may hold of the session. A store that is restarting is asked again: nobody else will ever remove these rows while the server runs.</summary>
    private async ValueTask RemoveAllRowsAsync()
    {
        if (!_mayHaveRows)
        {
            return;
        }

        for (int attempt = 1; attempt <= RemovalAttempts; attempt++)
        {
            Error? error = await _hub.Consumers.RemoveSubscriptionsAsync(Id, topics: null, CancellationToken.None);
            if (error is not { Code.Retryable: true } || _hub.IsStopping)
            {
                return;
            }

            await Task.Delay(RemovalPause, _hub.Time);
        }
    }

    private void TellObservers(IReadOnlyList<Subscription> ended)
    {
        _hub.Metrics.Subscription(-ended.Count);
        foreach (Subscription subscription in ended)
        {
            foreach (IHubObserver observer in _hub.Observers.Snapshot())
            {
                observer.OnUnsubscribed(subscription.Record);
            }
        }
    }
}
