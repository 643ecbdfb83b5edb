using System.Collections.Concurrent;
using Carillon.Access;
using Carillon.Engines;
using Carillon.Topics.Patterns;

namespace Carillon.Topics;

/// <summary>The topics that exist in a hub.</summary>
internal sealed class TopicRegistry
{
    private readonly Lock _gate = new(); // held by whoever adds or takes out
    private readonly ConcurrentDictionary<TopicName, LiveTopic> _topics = new();
    private readonly ConcurrentDictionary<TopicName, LiveTopic> _guarded = new();
    private readonly ConcurrentDictionary<string, LiveTopic> _filtered = new(StringComparer.Ordinal);
    private readonly TimeProvider _time;
    private readonly ConcurrentDictionary<TopicName, long> _withdrawn = new(); // with the number of the withdrawal
    private readonly Queue<(TopicName Name, long Number)> _withdrawnEphemeral = new();
    private long _withdrawals;
    private volatile bool _everFiltered; // ConcurrentDictionary.IsEmpty and Count take every lock
    private bool _hasBeenGuarded;
    private int _count;

    public TopicRegistry(int maxTopics, TimeProvider time, TopicSegments segments)
    {
        Segments = segments;
        MaxTopics = maxTopics;
        _time = time;
        Sorted = new SortedNames(() => _topics.Keys, _topics.ContainsKey);
    }

    public int Count => Volatile.Read(ref _count);

    public int MaxTopics { get; }

    /// <summary>How names are divided.</summary>
    public TopicSegments Segments { get; }

    public bool IsFull => Count >= MaxTopics;

    /// <summary>Whether there is, or was, a topic that not everyone may subscribe to: what is kept of it outlives it.</summary>
    public bool HasBeenGuarded => Volatile.Read(ref _hasBeenGuarded);

    /// <summary>The topics that not everyone may subscribe to.</summary>
    public IEnumerable<LiveTopic> Guarded => _guarded.Values;

    public ICollection<TopicName> Names => _topics.Keys;

    /// <summary>The names in order.</summary>
    public SortedNames Sorted { get; }

    public LiveTopic? Find(TopicName name) => _topics.GetValueOrDefault(name);

    /// <summary>
    /// The topic that a name means to clients; null if there is none, or if the name means a topic with filters. A topic that clients brought into being gives way to one that was composed with
    /// filters: who may name a word of it must not be able to put something else in its place.
    /// </summary>
    public LiveTopic? FindMeant(TopicName name) => Find(name) is { } topic && (topic.IsComposed || FindFiltered(name) is null) ? topic : null;

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
        char separator = Segments.Separator;
        for (int end = text.LastIndexOf(separator); end > 0; end = text[..end].LastIndexOf(separator))
        {
            if (filtered.TryGetValue(text[..end], out LiveTopic? topic))
            {
                return (topic, name.Value[(end + 1)..].Split(separator));
            }
        }

        return null;
    }

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

    /// <summary>Takes note of a topic of an earlier run. One that everyone might use is there again, if <paramref name="reopens"/>; of another its name is withdrawn until the topic is added.</summary>
    public void BringBack(StoredTopic stored, bool reopens)
    {
        if (stored.Restriction is TopicRestriction.Publish or TopicRestriction.Subscribe)
        {
            _withdrawn[stored.Name] = 0;
        }
        else if (reopens)
        {
            GetOrAdd(stored.Name);
        }

        if (stored.Restriction == TopicRestriction.Subscribe)
        {
            Volatile.Write(ref _hasBeenGuarded, value: true);
        }
    }

    /// <summary>Adds a topic, or composes the one of that name anew. One whose engine changes is another topic: the former is returned beside it.</summary>
    /// <param name="composition">How it is composed from now on.</param>
    /// <param name="mayStay">Which subscriptions may go on where it lets in others than before; the rest gets nothing until it is decided.</param>
    public (LiveTopic Topic, LiveTopic? Replaced) Set(Topic composition, Func<Subscription, bool> mayStay)
    {
        lock (_gate)
        {
            if (!ReferenceEquals(composition.Subscribers, TopicAccess.Anyone))
            {
                Volatile.Write(ref _hasBeenGuarded, value: true); // Before the topic is there, so that no monitor sees its first message.
            }

            _withdrawn.TryRemove(composition.Name, out _);
            LiveTopic topic = GetOrAddNeedsLock(composition);
            LiveTopic? replaced = topic.Composition.Ephemeral == composition.Ephemeral ? null : topic;
            if (replaced is not null)
            {
                _topics[composition.Name] = topic = new LiveTopic(composition, _time);
            }

            topic.Compose(composition, mayStay);
            topic.IsComposed = true;
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

            return (topic, replaced);
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
                _withdrawn[name] = ++_withdrawals;
                if (topic.Composition.Ephemeral)
                {
                    NoteEphemeralNeedsLock(name);
                }
            }

            _guarded.TryRemove(name, out _);
            _filtered.TryRemove(name.Value, out _);
            _count--;
            Sorted.OnChanged(name);
            return topic;
        }
    }

    // Nothing is kept of them that the name would guard: where games or rooms come and go, the last names are enough.
    private void NoteEphemeralNeedsLock(TopicName name)
    {
        _withdrawnEphemeral.Enqueue((name, _withdrawals));
        if (_withdrawnEphemeral.Count > MaxTopics)
        {
            (TopicName oldest, long number) = _withdrawnEphemeral.Dequeue();
            _withdrawn.TryRemove(new KeyValuePair<TopicName, long>(oldest, number));
        }
    }

    private LiveTopic GetOrAddNeedsLock(Topic composition)
    {
        if (_topics.TryGetValue(composition.Name, out LiveTopic? known))
        {
            return known;
        }

        var created = new LiveTopic(composition, _time);
        _topics[composition.Name] = created;
        _count++;
        Sorted.OnChanged(composition.Name);
        return created;
    }
}
