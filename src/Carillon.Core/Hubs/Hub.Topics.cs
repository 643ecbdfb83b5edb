using Carillon.Access;
using Carillon.Engines;
using Carillon.Errors;
using Carillon.Sessions;
using Carillon.Topics;
using Carillon.Topics.Patterns;

namespace Carillon.Hubs;

public sealed partial class Hub
{
    /// <summary>
    /// Adds a topic, also while the hub runs, or composes the one of that name anew: subscribers whom it does not let in any more are told, and get nothing more from the next message on.
    /// Those for whom that could not be decided before are given nothing until it is; who may stay and missed a message meanwhile is told to come again. When it becomes ephemeral, or
    /// ceases to be, its offsets begin anew: all its subscribers are told so, and may come again.
    /// </summary>
    /// <returns>
    /// Null, or why it could not be created. A topic that exists is composed anew also when its engine could not be told, which may then keep more or less of it than was said; call again.
    /// </returns>
    public async ValueTask<Error?> AddTopicAsync(Topic topic, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(topic);
        if (Segments.IsPattern(topic.Name))
        {
            return NotAPattern;
        }

        ITopicEngine engine = topic.Ephemeral ? _ephemeral : Engine; // Also the former has an epoch to tell before its first message.
        Error? error = await engine.CreateAsync(StoredOf(topic), cancellationToken);
        if (error is not null && _topics.Find(topic.Name)?.Composition.Ephemeral != topic.Ephemeral)
        {
            return error;
        }

        (LiveTopic live, LiveTopic? replaced) = await ComposeAsync(topic, cancellationToken);
        if (replaced is not null)
        {
            await EndAllAsync(replaced, ChangedEngine(topic.Name));
        }

        // Each session when it is its turn; whoever takes its time holds up no other. It is composed: nothing is given up from here on.
        await Task.WhenAll(live.Subscriptions().Select(subscription => FindSession(subscription)?.RecheckAsync(subscription) ?? Task.CompletedTask));
        return error;
    }

    /// <summary>
    /// Takes a topic out while the hub runs: its subscribers are told, and get nothing more. What is stored of it stays, and is there again when a topic of that name is added.
    /// The name of a topic that not everyone might use stays taken until then, also after a restart unless it was ephemeral: nobody brings it into being, open to everyone, by using it.
    /// </summary>
    /// <returns>False if there was none.</returns>
    public async ValueTask<bool> RemoveTopicAsync(TopicName name)
    {
        if (_topics.Remove(name, withdraws: Options.UnknownTopics != UnknownTopics.Closed) is not { } topic)
        {
            return false;
        }

        foreach (Subscription pattern in Patterns.Of(name))
        {
            pattern.Decisions?.Forget(name);
        }

        await EndAllAsync(topic, UnknownTopic(name));
        return true;
    }

    // Of a topic that is there no more.
    private Task EndAllAsync(LiveTopic topic, Error reason)
    {
        if (topic.Composition.Ephemeral)
        {
            _ephemeral.Remove(topic.Name);
        }

        // All at once, before anybody's turn: then sessions tell their clients, one store's commit for many.
        List<Subscription> subscriptions = topic.Subscriptions();
        subscriptions.ForEach(static subscription => subscription.End());
        return Task.WhenAll(subscriptions.Select(subscription => FindSession(subscription)?.EndAsync(subscription, reason) ?? Task.CompletedTask));
    }

    private static Error ChangedEngine(TopicName name) =>
        new(ErrorCode.HistoryGone, $"Topic '{name}': its messages are kept in another way from now on, and their offsets begin anew: subscribe again", "topic");

    /// <summary>How a topic is composed; null if there is none.</summary>
    public Topic? FindTopic(TopicName name) => _topics.Find(name)?.Composition;

    /// <summary>What a name means to a subscriber: a topic, which is created where that is allowed, or a topic with filters.</summary>
    internal async ValueTask<Placement> ResolveAsync(TopicName name, CancellationToken cancellationToken)
    {
        if (_topics.FindMeant(name) is { } exact)
        {
            return new Placement(exact, [], exact.Composition, null);
        }

        if (_topics.FindFiltered(name) is { } filtered && filtered.Topic.Composition is { Filters.Count: > 0 } composition)
        {
            return new Placement(filtered.Topic, filtered.Words, composition, null);
        }

        (LiveTopic? created, Error? error) = await GetOrCreateTopicAsync(name, cancellationToken);
        return new Placement(created, [], created?.Composition, error);
    }

    // Who may read a guarded topic is decided before the topic, or the pattern, is there. Policies are asked without any lock: whoever comes second finds what was not decided yet.
    // So it is for its subscribers: nobody who may stay misses anything, but for those who come or become somebody else meanwhile.
    private async ValueTask<(LiveTopic Topic, LiveTopic? Replaced)> ComposeAsync(Topic topic, CancellationToken cancellationToken)
    {
        Dictionary<Subscription, Requester> allowed = await FindAllowedAsync(topic, cancellationToken);
        bool isGuarded = !ReferenceEquals(topic.Subscribers, TopicAccess.Anyone);
        while (true)
        {
            ReadDecisions[] undecided;
            lock (_composing)
            {
                IReadOnlyList<Subscription> patterns = Patterns.Of(topic.Name);
                undecided = isGuarded ? [.. patterns.Select(static pattern => pattern.Decisions).OfType<ReadDecisions>().Where(decisions => !decisions.Know(topic))] : [];
                if (undecided.Length == 0)
                {
                    return SetNeedsLock(topic, patterns, allowed);
                }
            }

            await Task.WhenAll(undecided.Select(decisions => decisions.DecideAsync(topic, Faults, cancellationToken)));
        }
    }

    // Which subscriptions may stay, and who was behind each when that was decided. None where nothing is asked that was not asked before.
    private async Task<Dictionary<Subscription, Requester>> FindAllowedAsync(Topic topic, CancellationToken cancellationToken)
    {
        if (_topics.Find(topic.Name) is not { } live || ReferenceEquals(topic.Subscribers, TopicAccess.Anyone) || ReferenceEquals(topic.Subscribers, live.Composition.Subscribers))
        {
            return [];
        }

        (Subscription Subscription, Requester Requester, Error? Error)[] decided = await Task.WhenAll(live.Subscriptions().Select(async subscription =>
        {
            Requester requester = subscription.Requester;
            var question = new AccessRequest(requester, topic.Name, AccessKind.Subscribe);
            return (subscription, requester, await topic.Subscribers.DecideAsync(question, Faults, cancellationToken));
        }));
        return decided.Where(static answer => answer.Error is null).ToDictionary(static answer => answer.Subscription, static answer => answer.Requester);
    }

    private (LiveTopic Topic, LiveTopic? Replaced) SetNeedsLock(Topic topic, IReadOnlyList<Subscription> patterns, Dictionary<Subscription, Requester> allowed)
    {
        Topic? former = _topics.Find(topic.Name)?.Composition;
        (LiveTopic Topic, LiveTopic? Replaced) live = _topics.Set(topic, subscription => allowed.TryGetValue(subscription, out Requester? asked) && ReferenceEquals(asked, subscription.Requester));
        _compositions++;
        foreach (Subscription pattern in patterns)
        {
            pattern.Decisions?.KeepOnly(topic, former); // Fan-out may be at a message of the former one.
            NoteFailure(pattern);
        }

        return live;
    }

    private static StoredTopic StoredOf(Topic topic) => new(topic.Name)
    {
        Retention = topic.Ephemeral ? null : topic.Retention,
        Restriction = !ReferenceEquals(topic.Subscribers, TopicAccess.Anyone) ? TopicRestriction.Subscribe
            : !ReferenceEquals(topic.Publishers, TopicAccess.Anyone) ? TopicRestriction.Publish
            : TopicRestriction.None,
    };

    /// <summary>The topic of that name, created if there is none: a subscriber brings its topic into being.</summary>
    internal async ValueTask<(LiveTopic? Topic, Error? Error)> GetOrCreateTopicAsync(TopicName name, CancellationToken cancellationToken)
    {
        if (_topics.Find(name) is { } known)
        {
            return (known, null);
        }

        if (Segments.IsPattern(name))
        {
            return (null, NotAPattern);
        }

        if (Options.UnknownTopics == UnknownTopics.Closed || _topics.IsWithdrawn(name))
        {
            return (null, UnknownTopic(name));
        }

        if (_topics.IsFull)
        {
            return (null, TooManyTopics(_topics.MaxTopics));
        }

        Error? error = await Engine.CreateAsync(new StoredTopic(name), cancellationToken);
        if (error is not null)
        {
            return (null, error);
        }

        return _topics.GetOrAdd(name) is { } created ? (created, null) : (null, UnknownTopic(name));
    }
}
