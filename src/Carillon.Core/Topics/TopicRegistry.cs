using System.Collections.Concurrent;
using Carillon.Topics.Patterns;

namespace Carillon.Topics;

/// <summary>The topics that exist in a hub.</summary>
internal sealed class TopicRegistry
{
    private readonly ConcurrentDictionary<TopicName, LiveTopic> _topics = new();
    private readonly ConcurrentDictionary<TopicName, LiveTopic> _guarded = new();
    private readonly ConcurrentDictionary<string, LiveTopic> _filtered = new(StringComparer.Ordinal);
    private readonly TimeProvider _time;
    private volatile bool _everFiltered; // ConcurrentDictionary.IsEmpty and Count take every lock
    private int _count;

    public TopicRegistry(int maxTopics, TimeProvider time)
    {
        MaxTopics = maxTopics;
        _time = time;
        Sorted = new SortedNames(() => _topics.Keys, _topics.ContainsKey);
    }

    public int Count => Volatile.Read(ref _count);

    public int MaxTopics { get; }

    public bool IsFull => Count >= MaxTopics;

    /// <summary>The topics that not everyone may subscribe to.</summary>
    public IEnumerable<LiveTopic> Guarded => _guarded.Values;

    public ICollection<TopicName> Names => _topics.Keys;

    /// <summary>The names in order.</summary>
    public SortedNames Sorted { get; }

    public LiveTopic? Find(TopicName name) => _topics.GetValueOrDefault(name);

    /// <summary>
    /// The topic composed with filters that a name begins with, the longest of them if there are several, with the words behind it; null for none. Where there never was such a topic it looks at
    /// nothing; else it makes no text of what it looks for.
    /// </summary>
    public (LiveTopic Topic, string[] Words)? FindFiltered(TopicName name)
    {
        if (!_everFiltered)
        {
            return null;
        }

        ConcurrentDictionary<string, LiveTopic>.AlternateLookup<ReadOnlySpan<char>> filtered = _filtered.GetAlternateLookup<ReadOnlySpan<char>>();
        ReadOnlySpan<char> text = name.Value;
        for (int end = text.LastIndexOf(TopicPattern.Separator); end > 0; end = text[..end].LastIndexOf(TopicPattern.Separator))
        {
            if (filtered.TryGetValue(text[..end], out LiveTopic? topic))
            {
                return (topic, name.Value[(end + 1)..].Split(TopicPattern.Separator));
            }
        }

        return null;
    }

    /// <summary>The topic of that name; where there is none, one that is open to everyone comes into being.</summary>
    public LiveTopic GetOrAdd(TopicName name) => _topics.TryGetValue(name, out LiveTopic? known) ? known : GetOrAdd(new Topic { Name = name });

    /// <summary>Adds a topic, or composes the one of that name anew.</summary>
    public LiveTopic Set(Topic composition)
    {
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

        if (composition.Filters.Count > 0)
        {
            _everFiltered = true;
            _filtered[composition.Name.Value] = topic;
        }
        else
        {
            _filtered.TryRemove(composition.Name.Value, out _);
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
        _filtered.TryRemove(name.Value, out _);
        Interlocked.Decrement(ref _count);
        Sorted.OnChanged(name);
        return topic;
    }

    private LiveTopic GetOrAdd(Topic composition)
    {
        var created = new LiveTopic(composition, _time);
        LiveTopic topic = _topics.GetOrAdd(composition.Name, created);
        if (ReferenceEquals(topic, created))
        {
            Interlocked.Increment(ref _count);
            Sorted.OnChanged(composition.Name);
        }

        return topic;
    }
}
