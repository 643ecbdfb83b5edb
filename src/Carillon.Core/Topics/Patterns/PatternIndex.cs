namespace Carillon.Topics.Patterns;

/// <summary>
/// The subscriptions to patterns, by the segments of their patterns: finding those that match a topic takes as long as the topic has segments and matches, however many
/// others there are. Thread-safe.
/// </summary>
internal sealed class PatternIndex(TopicSegments segments) : ISubscriptionSet
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
            NodeOf(added.Name).Add(added);
            added.Mark.CountPattern(+1);
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

    // As deep as the longest pattern; each level follows the segment itself and the wildcard.
    private bool Walk(Node node, ReadOnlySpan<char> rest, List<Subscription>? found)
    {
        int end = rest.IndexOf(segments.Separator);
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
        if (node?.Subscriptions is not { } subscriptions)
        {
            return false;
        }

        found?.AddRange(subscriptions);
        return true;
    }

    private void RemoveNeedsLock(Subscription subscription)
    {
        Node node = NodeOf(subscription.Name);
        if (node.Remove(subscription))
        {
            subscription.Mark.CountPattern(-1);
            _count--;
            _version++;
        }

        Prune(node);
    }

    private Node NodeOf(TopicName pattern)
    {
        Node node = _root;
        foreach (Range segment in segments.Split(pattern.Value))
        {
            node = node.ChildOrNew(pattern.Value.AsSpan(segment));
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

    // Most nodes are in the middle of one client's pattern, with one child and no subscription of their own: they hold neither a set nor a table.
    private sealed class Node(Node? parent, string segment)
    {
        private Node? _onlyChild;
        private Dictionary<string, Node>? _children; // From the second child on.

        public Node? Parent => parent;

        /// <summary>Null while there is none.</summary>
        public HashSet<Subscription>? Subscriptions { get; private set; }

        public bool IsEmpty => Subscriptions is null && _onlyChild is null && _children is null;

        private string Segment => segment;

        public void Add(Subscription subscription) => (Subscriptions ??= []).Add(subscription);

        public bool Remove(Subscription subscription)
        {
            if (Subscriptions?.Remove(subscription) != true)
            {
                return false;
            }

            Subscriptions = Subscriptions.Count == 0 ? null : Subscriptions;
            return true;
        }

        public Node? Child(ReadOnlySpan<char> name)
        {
            if (_children is not null)
            {
                return _children.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(name, out Node? child) ? child : null;
            }

            return _onlyChild is not null && name.SequenceEqual(_onlyChild.Segment) ? _onlyChild : null;
        }

        public Node ChildOrNew(ReadOnlySpan<char> name)
        {
            if (Child(name) is { } known)
            {
                return known;
            }

            var child = new Node(this, name.ToString());
            if (_children is null && _onlyChild is null)
            {
                _onlyChild = child;
                return child;
            }

            if (_children is null)
            {
                _children = new Dictionary<string, Node>(StringComparer.Ordinal) { { _onlyChild!.Segment, _onlyChild } };
                _onlyChild = null;
            }

            _children.Add(child.Segment, child);
            return child;
        }

        public void Remove(Node child)
        {
            _onlyChild = null; // Which the child is, if there is no table.
            _children?.Remove(child.Segment);
            _children = _children is { Count: > 0 } ? _children : null;
        }
    }
}
