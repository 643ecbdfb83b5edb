using System.Collections.Concurrent;
using Carillon.Access;
using Carillon.Diagnostics;
using Carillon.Errors;

namespace Carillon.Topics.Patterns;

/// <summary>Which of the topics that a pattern matches its subscriber may read. Thread-safe.</summary>
/// <param name="requester">Who it is; for somebody else it is decided anew.</param>
internal sealed class ReadDecisions(Requester requester)
{
    private readonly ConcurrentDictionary<Topic, bool> _byComposition = new(ReferenceEqualityComparer.Instance); // A topic that is composed anew is another one.

    /// <summary>Whether he may read any.</summary>
    public bool AllowAny => _byComposition.Values.Contains(true);

    public bool Know(Topic topic) => _byComposition.ContainsKey(topic);

    /// <summary>Whether he may read a topic; what was not decided is refused.</summary>
    public bool Allow(Topic topic) => _byComposition.TryGetValue(topic, out bool may) && may;

    /// <summary>Decides about a topic, before fan-out has to know.</summary>
    public async Task DecideAsync(Topic topic, HubFaults faults, CancellationToken cancellationToken)
    {
        Error? error = await topic.Subscribers.DecideAsync(new AccessRequest(requester, topic.Name, AccessKind.Subscribe), faults, cancellationToken);
        _byComposition[topic] = error is null;
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
}
