using System.Collections.Concurrent;
using Carillon.Errors;
using Carillon.Topics;
using Carillon.Topics.Patterns;

namespace Carillon.Hubs;

public sealed partial class Hub
{
    private readonly ConcurrentDictionary<Subscription, bool> _undecided = new(ReferenceEqualityComparer.Instance); // Patterns for which a policy failed; the heartbeat asks again.

    /// <summary>Lets a subscription to a pattern go live by <paramref name="goLive"/>, when it is decided for each topic whether it may read it.</summary>
    internal Task AddPatternAsync(Subscription subscription, Action goLive, CancellationToken cancellationToken) =>
        DecidePatternAsync(subscription, subscription.Decisions ?? new ReadDecisions(subscription.Requester), goLive, cancellationToken);

    /// <summary>Decides what can be decided before a subscription to a pattern is added.</summary>
    internal Task PreparePatternAsync(Subscription subscription, CancellationToken cancellationToken)
    {
        subscription.Decisions = new ReadDecisions(subscription.Requester);
        return DecideUnknownAsync(subscription.Name, subscription.Decisions, cancellationToken);
    }

    /// <summary>Decides anew, for a subscriber who is somebody else now; until that is done it reads what it did.</summary>
    internal Task DecidePatternAsync(Subscription subscription) =>
        DecidePatternAsync(subscription, new ReadDecisions(subscription.Requester), static () => { }, CancellationToken.None);

    private Task DecideUnknownAsync(TopicName pattern, ReadDecisions decisions, CancellationToken cancellationToken) => Task.WhenAll(_topics.Guarded
        .Select(static topic => topic.Composition)
        .Where(topic => Segments.Matches(pattern, topic.Name) && !decisions.Know(topic))
        .Select(topic => decisions.DecideAsync(topic, Faults, cancellationToken)));

    private async Task DecidePatternAsync(Subscription subscription, ReadDecisions decisions, Action commit, CancellationToken cancellationToken)
    {
        while (true)
        {
            int compositions = Volatile.Read(ref _compositions);
            await DecideUnknownAsync(subscription.Name, decisions, cancellationToken);
            lock (_composing)
            {
                if (compositions == _compositions)
                {
                    subscription.Decisions = decisions;
                    commit();
                    NoteFailure(subscription);
                    return;
                }
            }
        }
    }

    private void NoteFailure(Subscription pattern)
    {
        if (pattern.Decisions is { HasFailed: true })
        {
            _undecided[pattern] = true;
        }
    }

    private Task DecideFailedAsync() => _undecided.IsEmpty
        ? Task.CompletedTask
        : Task.WhenAll(_undecided.Keys.Where(pattern => _undecided.TryRemove(pattern, out _)).Select(pattern => Task.Run(() => DecideFailedAsync(pattern))));

    // Not in the session's turn: whatever a policy waits for, the client's commands go on.
    private async Task DecideFailedAsync(Subscription pattern)
    {
        if (pattern.HasEnded || pattern.Decisions is not { } decisions)
        {
            return;
        }

        if (await decisions.RetryAsync(Faults) || !ReferenceEquals(decisions, pattern.Decisions))
        {
            NoteFailure(pattern);
            return;
        }

        pattern.End();
        await (FindSession(pattern)?.EndAsync(pattern, Missed(pattern.Name)) ?? Task.CompletedTask);
    }

    private static Error Missed(TopicName pattern) =>
        new(ErrorCode.Internal, $"Topic '{pattern}': the server failed to decide about one of its topics, and messages of it came before it could: subscribe again", "topic");
}
