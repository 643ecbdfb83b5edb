using System.Collections.Concurrent;
using Carillon.Access;

namespace Carillon.Topics;

/// <summary>The topics that exist in a hub.</summary>
internal sealed class TopicRegistry(int maxTopics, TimeProvider time)
{
    private readonly ConcurrentDictionary<TopicName, LiveTopic> _topics = new();
    private readonly ConcurrentDictionary<TopicName, LiveTopic> _guarded = new();
    private bool _hasBeenGuarded;
    private int _count; // ConcurrentDictionary.Count takes every lock

    public int Count => Volatile.Read(ref _count);

    public int MaxTopics { get; } = maxTopics;

    public bool IsFull => Count >= MaxTopics;

    /// <summary>Whether there is, or was, a topic that not everyone may subscribe to: what is kept of it outlives it.</summary>
    public bool HasBeenGuarded => Volatile.Read(ref _hasBeenGuarded);

    /// <summary>The topics that not everyone may subscribe to.</summary>
    public IEnumerable<LiveTopic> Guarded => _guarded.Values;

    public ICollection<TopicName> Names => _topics.Keys;

    public LiveTopic? Find(TopicName name) => _topics.GetValueOrDefault(name);

    /// <summary>The topic of that name; where there is none, one that is open to everyone comes into being.</summary>
    public LiveTopic GetOrAdd(TopicName name) => _topics.TryGetValue(name, out LiveTopic? known) ? known : GetOrAdd(new Topic { Name = name });

    /// <summary>Adds a topic, or composes the one of that name anew.</summary>
    public LiveTopic Set(Topic composition)
    {
        if (!ReferenceEquals(composition.Subscribers, TopicAccess.Anyone))
        {
            Volatile.Write(ref _hasBeenGuarded, value: true); // Before the topic is there, so that no monitor sees its first message.
        }

        LiveTopic topic = GetOrAdd(composition);
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

    /// <summary>Takes a topic out. Null if there is none.</summary>
    public LiveTopic? Remove(TopicName name)
    {
        if (!_topics.TryRemove(name, out LiveTopic? topic))
        {
            return null;
        }

        _guarded.TryRemove(name, out _);
        Interlocked.Decrement(ref _count);
        return topic;
    }

    private LiveTopic GetOrAdd(Topic composition)
    {
        var created = new LiveTopic(composition, time);
        LiveTopic topic = _topics.GetOrAdd(composition.Name, created);
        if (ReferenceEquals(topic, created))
        {
            Interlocked.Increment(ref _count);
        }

        return topic;
    }
}
