using System.Collections.Concurrent;
using Carillon.Access;

namespace Carillon.Topics;

/// <summary>The topics that exist in a hub.</summary>
internal sealed class TopicRegistry(int maxTopics, TimeProvider time)
{
    private readonly Lock _gate = new(); // held by whoever adds or takes out
    private readonly ConcurrentDictionary<TopicName, LiveTopic> _topics = new();
    private readonly ConcurrentDictionary<TopicName, LiveTopic> _guarded = new();
    private readonly ConcurrentDictionary<TopicName, bool> _withdrawn = new();
    private int _count; // ConcurrentDictionary.Count takes every lock

    public int Count => Volatile.Read(ref _count);

    public int MaxTopics { get; } = maxTopics;

    public bool IsFull => Count >= MaxTopics;

    /// <summary>The topics that not everyone may subscribe to.</summary>
    public IEnumerable<LiveTopic> Guarded => _guarded.Values;

    public ICollection<TopicName> Names => _topics.Keys;

    public LiveTopic? Find(TopicName name) => _topics.GetValueOrDefault(name);

    /// <summary>Whether a topic of that name was taken out that not everyone might use, and none was added since.</summary>
    public bool IsWithdrawn(TopicName name) => _withdrawn.ContainsKey(name);

    /// <summary>The topic of that name; where there is none, one that is open to everyone comes into being, unless the name is withdrawn: then null.</summary>
    public LiveTopic? GetOrAdd(TopicName name)
    {
        if (_topics.TryGetValue(name, out LiveTopic? known))
        {
            return known;
        }

        lock (_gate)
        {
            return IsWithdrawn(name) ? null : GetOrAddNeedsLock(new Topic { Name = name });
        }
    }

    /// <summary>Adds a topic, or composes the one of that name anew.</summary>
    public LiveTopic Set(Topic composition)
    {
        lock (_gate)
        {
            _withdrawn.TryRemove(composition.Name, out _);
            LiveTopic topic = GetOrAddNeedsLock(composition);
            topic.Compose(composition);
            if (topic.IsGuarded)
            {
                _guarded[composition.Name] = topic;
            }
            else
            {
                _guarded.TryRemove(composition.Name, out _);
            }

            return topic;
        }
    }

    /// <summary>Takes a topic out. Null if there is none.</summary>
    /// <param name="name">The topic.</param>
    /// <param name="withdraws">Whether its name stays taken if not everyone might use it.</param>
    public LiveTopic? Remove(TopicName name, bool withdraws)
    {
        lock (_gate)
        {
            if (!_topics.TryRemove(name, out LiveTopic? topic))
            {
                return null;
            }

            if (withdraws && (topic.IsGuarded || !ReferenceEquals(topic.Composition.Publishers, TopicAccess.Anyone)))
            {
                _withdrawn[name] = true;
            }

            _guarded.TryRemove(name, out _);
            _count--;
            return topic;
        }
    }

    private LiveTopic GetOrAddNeedsLock(Topic composition)
    {
        if (_topics.TryGetValue(composition.Name, out LiveTopic? known))
        {
            return known;
        }

        var created = new LiveTopic(composition, time);
        _topics[composition.Name] = created;
        _count++;
        return created;
    }
}
