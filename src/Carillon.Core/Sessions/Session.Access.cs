using Carillon.Access;
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
            foreach (Subscription subscription in _subscriptions.Values.ToArray())
            {
                if (ReferenceEquals(subscription.Requester, before))
                {
                    await TransferAsync(subscription, requester, cancellationToken);
                }
            }
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    /// <summary>Whether something that the client was allowed by has expired or was revoked. Cheap, for the heartbeat; then <see cref="DropExpiredAsync"/>.</summary>
    internal bool HasExpired(DateTimeOffset now) => !Requester.IsValidAt(now) || Array.Exists(Volatile.Read(ref _borrowed), requester => !requester.IsValidAt(now));

    /// <summary>Takes away what expired or revoked tokens gave.</summary>
    internal async ValueTask DropExpiredAsync(DateTimeOffset now)
    {
        if (!Requester.IsValidAt(now))
        {
            await SetRequesterAsync(Requester.WithoutUser(), CancellationToken.None);
        }

        await _oneAtATime.WaitAsync();
        try
        {
            foreach (Subscription subscription in _subscriptions.Values.ToArray())
            {
                if (!subscription.Requester.IsValidAt(now))
                {
                    await TransferAsync(subscription, Requester, CancellationToken.None);
                }
            }

            NoteBorrowed();
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    /// <summary>Asks again whether a subscription may be, because its topic is composed anew.</summary>
    internal async ValueTask RecheckAsync(Subscription subscription, CancellationToken cancellationToken)
    {
        await _oneAtATime.WaitAsync(cancellationToken);
        try
        {
            await TransferAsync(subscription, subscription.Requester, cancellationToken);
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    private async ValueTask TransferAsync(Subscription subscription, Requester requester, CancellationToken cancellationToken)
    {
        subscription.Requester = requester;
        if (subscription.Set is not LiveTopic topic)
        {
            await _hub.DecidePatternAsync(subscription, cancellationToken);
            return;
        }

        Error? error = topic.IsGuarded
            ? await topic.Composition.Subscribers.DecideAsync(new AccessRequest(requester, topic.Name, AccessKind.Subscribe), _hub.Faults, cancellationToken)
            : null;
        if (error is not null)
        {
            await EndNeedsTurnAsync(subscription, error);
        }
    }

    // Those by whose tokens the client was allowed something, beside what he is himself.
    private void NoteBorrowed()
    {
        Requester[] borrowed = [.. _subscriptions.Values.Select(subscription => subscription.Requester).Where(requester => !ReferenceEquals(requester, Requester)).Distinct()];
        Volatile.Write(ref _borrowed, borrowed);
    }

    private async ValueTask EndNeedsTurnAsync(Subscription subscription, Error reason)
    {
        if (!_subscriptions.TryGetValue(subscription.Name, out Subscription? current) || !ReferenceEquals(current, subscription))
        {
            return;
        }

        _subscriptions.Remove(subscription.Name);
        NoteCount();
        subscription.End();
        SelectOnce(subscription.Set);
        subscription.Subscriber.OnEnded(subscription.Name, reason);
        await ForgetAsync([subscription], [subscription.Name], CancellationToken.None);
    }
}
