using Carillon.Engines;
using Carillon.Errors;
using Carillon.Sessions;
using Carillon.Topics;
using Carillon.Topics.Patterns;

namespace Carillon.Hubs;

public sealed partial class Hub
{
    /// <summary>Adds a topic, also while the hub runs, or composes the one of that name anew: subscribers whom it does not let in any more are told, and get nothing more.</summary>
    /// <returns>Null, or why it could not be created.</returns>
    public async ValueTask<Error?> AddTopicAsync(Topic topic, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(topic);
        if (TopicPattern.IsPattern(topic.Name))
        {
            return NotAPattern;
        }

        ITopicEngine engine = topic.Ephemeral ? _ephemeral : Engine; // Also the former has an epoch to tell before its first message.
        if (await engine.CreateAsync(topic.Name, topic.Ephemeral ? null : topic.Retention, cancellationToken) is { } error)
        {
            return error;
        }

        LiveTopic live;
        await _composing.WaitAsync(cancellationToken);
        try
        {
            foreach (Subscription pattern in Patterns.Of(topic.Name))
            {
                await pattern.DecideAsync(topic, Faults, cancellationToken);
            }

            live = _topics.Set(topic);
        }
        finally
        {
            _composing.Release();
        }

        // Not within: sessions compose while it is their turn.
        foreach (Subscription subscription in live.Snapshot().ToArray())
        {
            await (FindSession(subscription)?.RecheckAsync(subscription, cancellationToken) ?? ValueTask.CompletedTask);
        }

        return null;
    }

    /// <summary>
    /// Takes a topic out while the hub runs: its subscribers are told, and get nothing more. What is stored of it stays, and is there again when a topic of that name is added.
    /// </summary>
    /// <returns>False if there was none.</returns>
    public async ValueTask<bool> RemoveTopicAsync(TopicName name)
    {
        if (_topics.Remove(name) is not { } topic)
        {
            return false;
        }

        foreach (Subscription subscription in topic.Snapshot().ToArray())
        {
            await (FindSession(subscription)?.EndAsync(subscription, UnknownTopic(name)) ?? ValueTask.CompletedTask);
        }

        return true;
    }

    /// <summary>How a topic is composed; null if there is none.</summary>
    public Topic? FindTopic(TopicName name) => _topics.Find(name)?.Composition;

    /// <summary>What a name means to a subscriber: a topic, which is created where that is allowed, or a topic with filters.</summary>
    internal async ValueTask<Placement> ResolveAsync(TopicName name, CancellationToken cancellationToken)
    {
        if (_topics.Find(name) is { } exact)
        {
            return new Placement(exact, [], null);
        }

        string text = name.Value;
        for (int end = text.LastIndexOf(TopicPattern.Separator); end > 0; end = text.LastIndexOf(TopicPattern.Separator, end - 1))
        {
            if (TopicName.TryCreate(text[..end], "topic", out TopicName prefix, out _) && _topics.Find(prefix) is { Composition.Filters.Count: > 0 } topic)
            {
                return new Placement(topic, text[(end + 1)..].Split(TopicPattern.Separator), null);
            }
        }

        (LiveTopic? created, Error? error) = await GetOrCreateTopicAsync(name, cancellationToken);
        return new Placement(created, [], error);
    }

    /// <summary>Lets a subscription to a pattern go live by <paramref name="goLive"/>, when it is decided for each topic whether it may read it.</summary>
    internal async ValueTask AddPatternAsync(Subscription subscription, Action goLive, CancellationToken cancellationToken)
    {
        await _composing.WaitAsync(cancellationToken);
        try
        {
            await DecideAllAsync(subscription, cancellationToken);
            goLive();
        }
        finally
        {
            _composing.Release();
        }
    }

    /// <summary>Decides anew, for a subscriber who is somebody else now.</summary>
    internal async ValueTask DecidePatternAsync(Subscription subscription, CancellationToken cancellationToken)
    {
        await _composing.WaitAsync(cancellationToken);
        try
        {
            subscription.ForgetDecisions();
            await DecideAllAsync(subscription, cancellationToken);
        }
        finally
        {
            _composing.Release();
        }
    }

    private async ValueTask DecideAllAsync(Subscription subscription, CancellationToken cancellationToken)
    {
        foreach (LiveTopic topic in _topics.Guarded)
        {
            if (TopicPattern.Matches(subscription.Name, topic.Name))
            {
                await subscription.DecideAsync(topic.Composition, Faults, cancellationToken);
            }
        }
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

        if (Options.UnknownTopics == UnknownTopics.Closed)
        {
            return (null, UnknownTopic(name));
        }

        if (_topics.IsFull)
        {
            return (null, TooManyTopics(_topics.MaxTopics));
        }

        Error? error = await Engine.CreateAsync(name, retention: null, cancellationToken);
        return error is null ? (_topics.GetOrAdd(name), null) : (null, error);
    }
}
