using System.Collections.Concurrent;

namespace Carillon.Topics;

/// <summary>The topics that exist in a hub.</summary>
internal sealed class TopicRegistry(int maxTopics)
{
    private readonly ConcurrentDictionary<TopicName, LiveTopic> _topics = new();
    private int _count; // ConcurrentDictionary.Count takes every lock

    public int Count => Volatile.Read(ref _count);

    public int MaxTopics { get; } = maxTopics;

    public bool IsFull => Count >= MaxTopics;

    public ICollection<TopicName> Names => _topics.Keys;

    public LiveTopic? Find(TopicName name) => _topics.GetValueOrDefault(name);

    public LiveTopic GetOrAdd(TopicName name)
    {
        if (_topics.TryGetValue(name, out LiveTopic? known))
        {
            return known;
        }

        var created = new LiveTopic(name);
        LiveTopic topic = _topics.GetOrAdd(name, created);
        if (ReferenceEquals(topic, created))
        {
            Interlocked.Increment(ref _count);
        }

        return topic;
    }
}
