using Carillon.Access;
using Carillon.Diagnostics;
using Carillon.Errors;
using Carillon.Topics;

namespace Carillon.Sessions;

public sealed partial class Session
{
    /// <summary>
    /// Makes the client somebody else, such as after a fresh token or the end of one. Subscriptions that he may not have are ended, and their subscriber is told; those that a request's
    /// own token allowed stay until that ends.
    /// </summary>
    public async ValueTask SetRequesterAsync(Requester requester, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(requester);
        await _oneAtATime.WaitAsync(cancellationToken);
        try
        {
            Requester before = Requester;
            Requester = requester;
            await TransferAsync([.. _subscriptions.Values.Where(subscription => ReferenceEquals(subscription.Requester, before))], requester);
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    /// <summary>
    /// Has nothing guarded delivered any more by what has expired or was revoked; does not wait for the session's turn. Cheap, for the heartbeat.
    /// </summary>
    /// <returns>Whether there is any; then <see cref="TryBeginDropping"/>.</returns>
    internal bool HoldExpired(DateTimeOffset now)
    {
        if (Requester.IsValidAt(now, _hub.Faults) && Array.TrueForAll(Volatile.Read(ref _borrowed), requester => requester.IsValidAt(now, _hub.Faults)))
        {
            return false;
        }

        lock (_gate)
        {
            foreach (Subscription subscription in _subscriptions.Values)
            {
                if (subscription.Set is not LiveTopic { IsGuarded: false } && !subscription.Requester.IsValidAt(now))
                {
                    subscription.Hold();
                }
            }
        }

        return true;
    }

    /// <summary>Whether <see cref="DropExpiredAsync"/> is to be called now. Not while an earlier call is at it: what that does not find is found at the next heartbeat.</summary>
    internal bool TryBeginDropping() => !Interlocked.Exchange(ref _isDropping, value: true);

    /// <summary>Takes away what expired or revoked tokens gave.</summary>
    internal async Task DropExpiredAsync(DateTimeOffset now)
    {
        await _oneAtATime.WaitAsync();
        try
        {
            if (!Requester.IsValidAt(now)) // Not before: a fresh token may have been waiting for its turn.
            {
                Requester = Requester.WithoutUser();
            }

            await TransferAsync([.. _subscriptions.Values.Where(subscription => !subscription.Requester.IsValidAt(now))], Requester);
            NoteBorrowed();
        }
        finally
        {
            Volatile.Write(ref _isDropping, value: false);
            _oneAtATime.Release();
        }
    }

    /// <summary>Asks again whether a subscription may be, because its topic is composed anew.</summary>
    internal async Task RecheckAsync(Subscription subscription)
    {
        await _oneAtATime.WaitAsync();
        try
        {
            await TransferAsync([subscription], subscription.Requester);
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    // All are asked at once, and those that may not stay are ended as the answers come: whichever takes its time holds up no other. Their rows go together.
    private async ValueTask TransferAsync(Subscription[] subscriptions, Requester requester)
    {
        lock (_gate)
        {
            Array.ForEach(subscriptions, subscription => subscription.Requester = requester);
        }

        var ended = new List<Subscription>();
        await foreach (Task<(Subscription Subscription, Error? Error)> decided in Task.WhenEach(subscriptions.Select(DecideAsync)))
        {
            (Subscription subscription, Error? error) = await decided;
            if (error is not null && TryEndNeedsTurn(subscription, error))
            {
                ended.Add(subscription);
            }
        }

        await ForgetAsync(ended, [.. ended.Select(subscription => subscription.Name)], CancellationToken.None);
    }

    private async Task<(Subscription Subscription, Error? Error)> DecideAsync(Subscription subscription)
    {
        Error? error = null;
        bool readsGuarded = true;
        if (subscription.Set is not LiveTopic topic)
        {
            await _hub.DecidePatternAsync(subscription);
            readsGuarded = subscription.Decisions is { AllowAny: true };
        }
        else
        {
            Topic composition = topic.Composition;
            error = await DecideAsync(subscription, composition, CancellationToken.None);
            subscription.DecidedOn = composition;
        }

        if (error is null && subscription.Requester.IsValidAt(_hub.Time.GetUtcNow())) // Else it was asked for a topic's sake, and the end of the token is still to be seen to.
        {
            error = Release(subscription, readsGuarded);
        }

        return (subscription, error);
    }

    private static Error? Release(Subscription subscription, bool readsGuarded)
    {
        if (readsGuarded)
        {
            bool isComplete = subscription.Set is LiveTopic topic ? topic.TryRelease(subscription) : subscription.TryRelease();
            return isComplete ? null : Withheld(subscription.Name);
        }

        subscription.Release(); // What it did not get is not for it.
        return null;
    }

    private static Error Withheld(TopicName name) => new(
        ErrorCode.Unauthorized, $"Topic '{name}': what the subscription was allowed by has changed. It may be subscribed to still, but messages came before that was decided: subscribe again", "topic");

    // Those by whose tokens the client was allowed something, beside what he is himself.
    private void NoteBorrowed()
    {
        Requester[] borrowed = [.. _subscriptions.Values.Select(subscription => subscription.Requester).Where(requester => !ReferenceEquals(requester, Requester)).Distinct()];
        Volatile.Write(ref _borrowed, borrowed);
    }

    // Returns false if it has ended already. Its row is still to be forgotten.
    private bool TryEndNeedsTurn(Subscription subscription, Error reason)
    {
        if (!_subscriptions.TryGetValue(subscription.Name, out Subscription? current) || !ReferenceEquals(current, subscription))
        {
            return false;
        }

        lock (_gate)
        {
            _subscriptions.Remove(subscription.Name);
        }

        NoteCount();
        subscription.End();
        TellSubscriber(subscription, reason);
        return true;
    }

    // One that fails must not keep the others of the session from ending.
    private void TellSubscriber(Subscription subscription, Error reason)
    {
        try
        {
            subscription.Subscriber.OnEnded(subscription.Name, reason);
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            _hub.Faults.Report(HubPart.Delivery, subscription.Name, fault);
        }
    }
}
