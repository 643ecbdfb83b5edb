namespace Carillon.Topics.Patterns;

/// <summary>
/// The subscriptions to patterns, by the segments of their patterns: finding those that match a topic takes as long as the topic has segments and matches, however many
/// others there are. Thread-safe.
/// </summary>
internal sealed class PatternIndex : ISubscriptionSet
{
    private readonly Lock _gate = new(); // guards the tree; held for one walk
    private readonly Node _root = new(null, string.Empty);
    private int _count;
    private int _version;

    public bool IsEmpty => Volatile.Read(ref _count) == 0;

    /// <summary>Another one after every change.</summary>
    public int Version => Volatile.Read(ref _version);

    /// <inheritdoc/>
    public void Add(Subscription added, Subscription? replaced)
    {
        lock (_gate)
        {
            NodeOf(added.Name).Subscriptions.Add(added);
            _count++;
            _version++;
            if (replaced is not null)
            {
                RemoveNeedsLock(replaced);
            }
        }
    }

    /// <inheritdoc/>
    public void Remove(Subscription subscription)
    {
        lock (_gate)
        {
            RemoveNeedsLock(subscription);
        }
    }

    public bool Matches(TopicName topic) => !IsEmpty && Walk(topic, null);

    /// <summary>Adds the subscriptions whose patterns match to <paramref name="found"/>.</summary>
    public void Find(TopicName topic, List<Subscription> found)
    {
        if (!IsEmpty)
        {
            Walk(topic, found);
        }
    }

    /// <summary>The subscriptions whose patterns match.</summary>
    public IReadOnlyList<Subscription> Of(TopicName topic)
    {
        var found = new List<Subscription>();
        Find(topic, found);
        return found;
    }

    private bool Walk(TopicName topic, List<Subscription>? found)
    {
        lock (_gate)
        {
            return Walk(_root, topic.Value, found);
        }
    }

    // At most 255 levels deep, as a name has no more segments; each level follows the segment itself and the wildcard.
    private static bool Walk(Node node, ReadOnlySpan<char> rest, List<Subscription>? found)
    {
        int end = rest.IndexOf(TopicPattern.Separator);
        ReadOnlySpan<char> segment = end < 0 ? rest : rest[..end];
        bool any = Take(node.Child(">"), found);
        foreach (Node? next in (ReadOnlySpan<Node?>)[node.Child(segment), node.Child("*")])
        {
            if (next is not null)
            {
                any |= end < 0 ? Take(next, found) : Walk(next, rest[(end + 1)..], found);
            }
        }

        return any;
    }

    private static bool Take(Node? node, List<Subscription>? found)
    {
        if (node is not { Subscriptions.Count: > 0 })
        {
            return false;
        }

        found?.AddRange(node.Subscriptions);
        return true;
    }

    private void RemoveNeedsLock(Subscription subscription)
    {
        Node node = NodeOf(subscription.Name);
        if (node.Subscriptions.Remove(subscription))
        {
            _count--;
            _version++;
        }

        Prune(node);
    }

    private Node NodeOf(TopicName pattern)
    {
        Node node = _root;
        foreach (Range segment in pattern.Value.AsSpan().Split(TopicPattern.Separator))
        {
            node = node.ChildOrNew(pattern.Value[segment]);
        }

        return node;
    }

    private static void Prune(Node node)
    {
        while (node is { Parent: { } parent, IsEmpty: true })
        {
            parent.Remove(node);
            node = parent;
        }
    }

    private sealed class Node(Node? parent, string segment)
    {
        private Dictionary<string, Node>? _children;

        public Node? Parent => parent;

        public HashSet<Subscription> Subscriptions { get; } = [];

        public bool IsEmpty => Subscriptions.Count == 0 && _children is not { Count: > 0 };

        public Node? Child(ReadOnlySpan<char> name) =>
            _children is not null && _children.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(name, out Node? child) ? child : null;

        public Node ChildOrNew(string name)
        {
            _children ??= new Dictionary<string, Node>(StringComparer.Ordinal);
            if (!_children.TryGetValue(name, out Node? child))
            {
                child = new Node(this, name);
                _children.Add(name, child);
            }

            return child;
        }

        public void Remove(Node child) => _children!.Remove(child.Segment);

        private string Segment => segment;
    }
}
