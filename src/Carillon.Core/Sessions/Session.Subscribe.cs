using Carillon.Consumers;
using Carillon.Errors;
using Carillon.Messages;
using Carillon.Monitoring;
using Carillon.Resuming;
using Carillon.Topics;
using Carillon.Topics.Patterns;

namespace Carillon.Sessions;

public sealed partial class Session
{
    /// <summary>
    /// Subscribes to all topics of <paramref name="request"/> or, when an error is returned, to none. Topics that do not exist are created.
    /// Complete when the subscriptions are on record and live: every message published after that reaches the subscriber, behind those that were asked for by
    /// <see cref="WantedTopic.Since"/>. Subscribing again confirms again; with another subscriber or consumer it replaces the subscription without a gap.
    /// </summary>
    public async ValueTask<SubscribeResult> SubscribeAsync(SubscribeRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        await _oneAtATime.WaitAsync(cancellationToken);
        try
        {
            WantedTopic[] wanted = [.. request.Topics.DistinctBy(topic => topic.Topic)];
            (List<Subscription> added, Error? error) = await AddAsync(wanted, request, cancellationToken);
            if (error is not null)
            {
                return SubscribeResult.Refused(error);
            }

            return await BeginAsync(wanted, added, request, cancellationToken);
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    private async ValueTask<(List<Subscription> Added, Error? Error)> AddAsync(
        WantedTopic[] wanted, SubscribeRequest request, CancellationToken cancellationToken)
    {
        var added = new List<Subscription>(wanted.Length);
        if (Refuse(wanted) is { } refusal)
        {
            return (added, refusal);
        }

        UnixTime now = UnixTime.Now(_hub.Time);
        foreach (WantedTopic wish in wanted)
        {
            (ISubscriptionSet? set, Error? error) = await FindSetAsync(wish, cancellationToken);
            if (set is null)
            {
                return (added, error);
            }

            added.Add(new Subscription(set, request.Subscriber, new SubscriptionRecord(Id, request.Consumer, wish.Topic, now), _mark));
        }

        // Whatever comes of it: a write whose outcome is unknown may have been stored.
        _mayHaveRows = true;
        return (added, await _hub.Consumers.AddSubscriptionsAsync([.. added.Select(s => s.Record)], cancellationToken));
    }

    private async ValueTask<(ISubscriptionSet? Set, Error? Error)> FindSetAsync(WantedTopic wish, CancellationToken cancellationToken)
    {
        if (!TopicPattern.IsPattern(wish.Topic))
        {
            return await _hub.GetOrCreateTopicAsync(wish.Topic, cancellationToken);
        }

        if (TopicPattern.IsMisplaced(wish.Topic))
        {
            return (null, Error.Invalid("topic", "must have the wildcard '>' at its end only"));
        }

        return wish.Since is null
            ? (_hub.Patterns, null)
            : (null, Error.Invalid("since", "needs the name of one topic, not a pattern"));
    }

    private async ValueTask<SubscribeResult> BeginAsync(
        WantedTopic[] wanted, List<Subscription> added, SubscribeRequest request, CancellationToken cancellationToken)
    {
        var resumptions = new List<Resumption>();
        foreach ((WantedTopic wish, Subscription subscription) in wanted.Zip(added))
        {
            if (wish.Since is { } since)
            {
                resumptions.Add(new Resumption(subscription, since, _hub.Engine));
            }

            GoLive(subscription);
        }

        var starts = new Dictionary<TopicName, Start>(resumptions.Count);
        try
        {
            foreach (Resumption resumption in resumptions)
            {
                starts.Add(resumption.Topic, await resumption.FindStartAsync(cancellationToken));
            }
        }
        catch
        {
            // Nobody will ever say where they begin, so they must not stay.
            await RemoveAsync([.. added.Select(subscription => subscription.Name)], CancellationToken.None);
            throw;
        }

        SubscribeResult result = resumptions.Count == 0 ? SubscribeResult.Live : new SubscribeResult(null, starts);
        request.Confirm?.Invoke(result);
        foreach (Resumption resumption in resumptions)
        {
            _ = FollowAsync(resumption);
        }

        return result;
    }

    // Ends the subscription when what it asked for cannot be delivered after all: nothing is left out silently.
    private async Task FollowAsync(Resumption resumption)
    {
        if (await resumption.RunAsync() is { } failure)
        {
            await EndAsync(resumption.Subscription, failure);
        }
    }

    private async ValueTask EndAsync(Subscription subscription, Error reason)
    {
        await _oneAtATime.WaitAsync();
        try
        {
            TopicName topic = subscription.Name;
            if (_subscriptions.TryGetValue(topic, out Subscription? current) && ReferenceEquals(current, subscription))
            {
                _subscriptions.Remove(topic);
                subscription.End();
                subscription.Subscriber.OnEnded(topic, reason);
                await ForgetAsync([subscription], [topic], CancellationToken.None);
            }
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    private Error? Refuse(WantedTopic[] topics)
    {
        if (_closed)
        {
            return new Error(ErrorCode.Unavailable, "The session is closed");
        }

        int most = _hub.Options.MaxSubscriptionsPerSession;
        int added = topics.Count(topic => !_subscriptions.ContainsKey(topic.Topic));
        return _subscriptions.Count + added > most
            ? new Error(ErrorCode.TooManySubscriptions, $"A session may hold at most {most} subscriptions", "topics")
            : null;
    }

    private void GoLive(Subscription subscription)
    {
        TopicName name = subscription.Name;
        _subscriptions.Remove(name, out Subscription? replaced);
        subscription.Subscriber.OnSubscribed(name);
        subscription.Set.Add(subscription, replaced);
        _subscriptions.Add(name, subscription);
        _hub.Metrics.Subscription(replaced is null ? +1 : 0);
        if (replaced is not null && replaced.Record.Consumer == subscription.Record.Consumer)
        {
            return; // Only confirmed again: nobody came and nobody left.
        }

        foreach (IHubObserver observer in _hub.Observers.Snapshot())
        {
            if (replaced is not null)
            {
                observer.OnUnsubscribed(replaced.Record);
            }

            observer.OnSubscribed(subscription.Record);
        }
    }
}
