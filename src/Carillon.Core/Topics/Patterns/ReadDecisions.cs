using System.Collections.Concurrent;
using Carillon.Access;
using Carillon.Diagnostics;
using Carillon.Errors;

namespace Carillon.Topics.Patterns;

/// <summary>Which of the topics that a pattern matches its subscriber may read. Thread-safe.</summary>
/// <param name="requester">Who it is; for somebody else it is decided anew.</param>
internal sealed class ReadDecisions(Requester requester)
{
    private readonly ConcurrentDictionary<Topic, Decision> _byComposition = new(ReferenceEqualityComparer.Instance); // A topic that is composed anew is another one.

    private enum Decision
    {
        Refused,
        Allowed,
        Failed, // The policy did, which says nothing: it is to be asked again.
        Missed, // Failed, and a message was not delivered because of that.
    }

    /// <summary>Whether he may read any, as far as that is decided.</summary>
    public bool AllowAny => _byComposition.Any(static known => known.Value != Decision.Refused);

    /// <summary>Whether a policy failed, so that it must be asked again.</summary>
    public bool HasFailed => _byComposition.Any(static known => known.Value is Decision.Failed or Decision.Missed);

    public bool Know(Topic topic) => _byComposition.ContainsKey(topic);

    /// <summary>Whether he may read a topic; what was not decided is refused. To be asked by fan-out for messages that it has.</summary>
    public bool Allow(Topic topic)
    {
        if (!_byComposition.TryGetValue(topic, out Decision decision) || decision != Decision.Failed)
        {
            return decision == Decision.Allowed;
        }

        return !_byComposition.TryUpdate(topic, Decision.Missed, Decision.Failed) && _byComposition.TryGetValue(topic, out decision) && decision == Decision.Allowed;
    }

    /// <summary>Decides about a topic, before fan-out has to know.</summary>
    public async Task DecideAsync(Topic topic, HubFaults faults, CancellationToken cancellationToken)
    {
        Decision decision = await AskAsync(topic, faults, cancellationToken);
        if (!_byComposition.TryAdd(topic, decision) && decision != Decision.Failed)
        {
            TrySet(topic, decision); // Somebody else asked as well.
        }
    }

    /// <summary>Asks again the policies that failed.</summary>
    /// <returns>False when a message was not delivered that he may read, as it turns out now: it would be missing, so the subscription must end.</returns>
    public async Task<bool> RetryAsync(HubFaults faults)
    {
        Topic[] failed = [.. _byComposition.Where(static known => known.Value is Decision.Failed or Decision.Missed).Select(static known => known.Key)];
        Decision[] decisions = await Task.WhenAll(failed.Select(topic => AskAsync(topic, faults, CancellationToken.None)));
        bool isComplete = true;
        foreach ((Topic topic, Decision decision) in failed.Zip(decisions))
        {
            isComplete &= decision == Decision.Failed || TrySet(topic, decision);
        }

        return isComplete;
    }

    /// <summary>A topic is composed like that now, and was like <paramref name="former"/> before: earlier compositions of it are of no further use.</summary>
    public void KeepOnly(Topic topic, Topic? former)
    {
        foreach (Topic known in _byComposition.Keys)
        {
            if (known.Name == topic.Name && !ReferenceEquals(known, topic) && !ReferenceEquals(known, former))
            {
                _byComposition.TryRemove(known, out _);
            }
        }
    }

    /// <summary>There is no topic of that name any more.</summary>
    public void Forget(TopicName name)
    {
        foreach (Topic known in _byComposition.Keys)
        {
            if (known.Name == name)
            {
                _byComposition.TryRemove(known, out _);
            }
        }
    }

    private async Task<Decision> AskAsync(Topic topic, HubFaults faults, CancellationToken cancellationToken)
    {
        Error? error = await topic.Subscribers.DecideAsync(new AccessRequest(requester, topic.Name, AccessKind.Subscribe), faults, cancellationToken);
        return error is null ? Decision.Allowed : error.Code == ErrorCode.Internal ? Decision.Failed : Decision.Refused;
    }

    // False when it was missed by one who may read it. What is of no further use stays away.
    private bool TrySet(Topic topic, Decision decision)
    {
        if (_byComposition.TryUpdate(topic, decision, Decision.Failed) || !_byComposition.TryUpdate(topic, decision, Decision.Missed))
        {
            return true;
        }

        return decision == Decision.Refused;
    }
}
