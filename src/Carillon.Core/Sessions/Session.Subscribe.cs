using Carillon.Access;
using Carillon.Consumers;
using Carillon.Diagnostics;
using Carillon.Errors;
using Carillon.Messages;
using Carillon.Monitoring;
using Carillon.Resuming;
using Carillon.Topics;
using Carillon.Topics.Filters;

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
            var refusals = new Dictionary<TopicName, Error>();
            (List<Subscription> added, Error? error) = await AddAsync(wanted, request, refusals, cancellationToken);
            if ((error ?? RefuseClosed()) is { } refusal)
            {
                return SubscribeResult.Refused(refusal);
            }

            wanted = refusals.Count == 0 ? wanted : [.. wanted.Where(wish => !refusals.ContainsKey(wish.Topic))];
            return await BeginAsync(wanted, added, refusals, request, cancellationToken);
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    private async ValueTask<(List<Subscription> Added, Error? Error)> AddAsync(
        WantedTopic[] wanted, SubscribeRequest request, Dictionary<TopicName, Error> refusals, CancellationToken cancellationToken)
    {
        var added = new List<Subscription>(wanted.Length);
        if (Refuse(wanted, request.EachByItself, refusals) is { } refusal)
        {
            return (added, refusal);
        }

        Requester requester = request.Requester ?? Requester;
        UnixTime now = UnixTime.Now(_hub.Time);
        foreach ((WantedTopic wish, Placement place) in await PlaceAsync([.. wanted.Where(wish => !refusals.ContainsKey(wish.Topic))], request.EachByItself, requester, cancellationToken))
        {
            if ((place.Error ?? RefuseFilter(wish.Topic, place, added)) is { } problem)
            {
                if (!request.EachByItself)
                {
                    return (added, problem);
                }

                refusals.Add(wish.Topic, problem);
                continue;
            }

            ISubscriptionSet set = place.Topic is { } topic ? topic : _hub.Patterns;
            added.Add(new Subscription(set, request.Subscriber, new SubscriptionRecord(Id, request.Consumer, wish.Topic, now), _mark)
            {
                Requester = requester,
                Filter = place.Words.Count > 0 ? new SubscriptionFilter(place.Words) : null,
                DecidedOn = place.Composition,
            });
        }

        if (added.Count == 0)
        {
            return (added, null);
        }

        if (await PreparePatternsAsync(added, cancellationToken) is { } closed)
        {
            return (added, closed);
        }

        // Whatever comes of it: a write whose outcome is unknown may have been stored.
        _mayHaveRows = true;
        return (added, await _hub.Consumers.AddSubscriptionsAsync([.. added.Select(s => s.Record)], cancellationToken));
    }

    private async ValueTask<SubscribeResult> BeginAsync(
        WantedTopic[] wanted, List<Subscription> added, Dictionary<TopicName, Error> refusals, SubscribeRequest request, CancellationToken cancellationToken)
    {
        var resumptions = new List<Resumption>();
        var outdated = new List<(Subscription Subscription, Error Reason)>();
        var starts = new Dictionary<TopicName, Start>();
        try
        {
            foreach ((WantedTopic wish, Subscription subscription) in wanted.Zip(added))
            {
                if (await BeginAsync(wish, subscription, resumptions, cancellationToken) is { } reason)
                {
                    subscription.End(); // It gets nothing, and is told so behind the answer.
                    outdated.Add((subscription, reason));
                }
            }

            foreach (Resumption resumption in resumptions)
            {
                starts.Add(resumption.Subscription.Name, await resumption.FindStartAsync(cancellationToken));
            }
        }
        catch
        {
            await WithdrawAsync(added); // Nobody will ever say where they begin, so they must not stay; others of the session go on without them.
            resumptions.ForEach(resumption => _ = FollowAsync(resumption));
            throw;
        }

        SubscribeResult result = resumptions.Count == 0 && refusals.Count == 0 ? SubscribeResult.Live : new SubscribeResult(null, starts) { Refusals = refusals };
        request.Confirm?.Invoke(result);
        foreach ((Subscription subscription, Error reason) in outdated)
        {
            await EndNeedsTurnAsync(subscription, reason);
        }

        foreach (Resumption resumption in resumptions)
        {
            _ = FollowAsync(resumption);
        }

        return result;
    }

    // Returns why it must end at once.
    private async ValueTask<Error?> BeginAsync(WantedTopic wish, Subscription subscription, List<Resumption> resumptions, CancellationToken cancellationToken)
    {
        (Subscription? Replaced, bool IsComplete) live = default;
        if (subscription.Set is not LiveTopic topic)
        {
            await _hub.AddPatternAsync(subscription, () => live = GoLive(subscription), cancellationToken);
            TellObservers(subscription, live.Replaced);
            return live.IsComplete ? null : Withheld(subscription.Name);
        }

        Resumption? resumption = BeginWith(subscription, topic, wish);
        if (resumption is not null)
        {
            resumptions.Add(resumption);
        }

        live = GoLive(subscription);
        TellObservers(subscription, live.Replaced);
        return live.IsComplete || resumption is { GoesOn: false } ? await CheckAsync(subscription, topic, cancellationToken) : Withheld(subscription.Name);
    }

    // Those that are not live yet may have a forerunner, which stays.
    private async ValueTask WithdrawAsync(List<Subscription> added)
    {
        TopicName[] neverLive = [.. added.Select(static subscription => subscription.Name).Where(name => !_subscriptions.ContainsKey(name))];
        TopicName[] live = [.. added.Where(subscription => ReferenceEquals(_subscriptions.GetValueOrDefault(subscription.Name), subscription)).Select(static subscription => subscription.Name)];
        await RemoveAsync(live, CancellationToken.None);
        if (neverLive.Length > 0)
        {
            await _hub.Consumers.RemoveSubscriptionsAsync(Id, neverLive, CancellationToken.None);
        }
    }

    // Ends the subscription when what it asked for cannot be delivered after all: nothing is left out silently.
    private async Task FollowAsync(Resumption resumption)
    {
        if (await resumption.RunAsync() is not { } failure)
        {
            return;
        }

        // What it catches up with may have been wanted by others of the session as well, which left it to this one.
        foreach (Share share in resumption.Feed.Shares.ToArray())
        {
            await EndAsync(share.Owner, failure);
        }

        // Patterns left it only what came since; mostly that can be had.
        if (await resumption.GoOnAsync() is { } other)
        {
            foreach (Subscription pattern in resumption.Patterns)
            {
                await EndAsync(pattern, other);
            }
        }
    }

    internal async Task EndAsync(Subscription subscription, Error reason)
    {
        await _oneAtATime.WaitAsync();
        try
        {
            await EndNeedsTurnAsync(subscription, reason);
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    private async ValueTask EndNeedsTurnAsync(Subscription subscription, Error reason)
    {
        if (TryEndNeedsTurn(subscription, reason))
        {
            await ForgetAsync([subscription], [subscription.Name], CancellationToken.None);
        }
    }

    private Error? Refuse(WantedTopic[] topics, bool eachByItself, Dictionary<TopicName, Error> refusals)
    {
        if (RefuseClosed() is { } closed)
        {
            return closed;
        }

        int most = _hub.Options.MaxSubscriptionsPerSession;
        WantedTopic[] added = [.. topics.Where(topic => !_subscriptions.ContainsKey(topic.Topic))];
        int room = Math.Max(0, most - _subscriptions.Count);
        if (added.Length <= room)
        {
            return null;
        }

        var tooMany = new Error(ErrorCode.TooManySubscriptions, $"A session may hold at most {most} subscriptions", "topics");
        if (!eachByItself)
        {
            return tooMany;
        }

        foreach (WantedTopic topic in added.AsSpan(room))
        {
            refusals.Add(topic.Topic, tooMany);
        }

        return null;
    }

    // IsComplete is false when something was withheld from the one whose place it takes.
    private (Subscription? Replaced, bool IsComplete) GoLive(Subscription subscription)
    {
        TopicName name = subscription.Name;
        Tell(HubPart.Delivery, name, () => subscription.Subscriber.OnSubscribed(name));
        Subscription? replaced;
        lock (_gate)
        {
            _subscriptions.Remove(name, out replaced);
        }

        Subscription? taken = ReferenceEquals(replaced?.Set, subscription.Set) ? replaced : null;
        if (replaced is not null && taken is null)
        {
            replaced.End(); // What the name meant has changed.
        }

        subscription.Set.Add(subscription, taken);
        bool isComplete = taken?.EndAsReplaced(subscription) != false;
        lock (_gate)
        {
            _subscriptions.Add(name, subscription);
        }

        NoteCount();
        NoteBorrowed();
        _hub.Metrics.Subscription(replaced is null ? +1 : 0);
        return (replaced, isComplete);
    }

    // Without any lock: they are the application's.
    private void TellObservers(Subscription subscription, Subscription? replaced)
    {
        if (replaced is not null && replaced.Record.Consumer == subscription.Record.Consumer)
        {
            return; // Only confirmed again: nobody came and nobody left.
        }

        foreach (IHubObserver observer in _hub.Observers.Snapshot())
        {
            if (replaced is not null)
            {
                Tell(HubPart.Observer, subscription.Name, () => observer.OnUnsubscribed(replaced.Record));
            }

            Tell(HubPart.Observer, subscription.Name, () => observer.OnSubscribed(subscription.Record));
        }
    }

    // One that fails must not keep a subscription from being what it is on record as.
    private void Tell(HubPart part, TopicName topic, Action tell)
    {
        try
        {
            tell();
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            _hub.Faults.Report(part, topic, fault);
        }
    }
}
