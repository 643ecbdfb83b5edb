namespace Carillon.Topics;

/// <summary>
/// The names of a hub's topics in order. They are sorted when they are asked for first; what changes after that is merged in when they are asked for again, so that asking often costs little
/// although topics come and go. Thread-safe.
/// </summary>
/// <param name="all">The names that there are, in any order.</param>
/// <param name="exists">Whether there is one.</param>
internal sealed class SortedNames(Func<IEnumerable<TopicName>> all, Func<TopicName, bool> exists)
{
    /// <summary>Changes that are remembered for a list that nobody asks for; beyond that it is sorted anew.</summary>
    private const int MaxChanged = 10_000;

    private static readonly Comparer<TopicName> Order = Comparer<TopicName>.Create(static (left, right) => string.CompareOrdinal(left.Value, right.Value));

    private readonly Lock _gate = new(); // guards the fields below
    private readonly List<TopicName> _changed = [];
    private TopicName[]? _sorted;

    /// <summary>Up to <paramref name="limit"/> names behind <paramref name="after"/>.</summary>
    public ArraySegment<TopicName> Behind(string after, int limit)
    {
        TopicName[] names = Snapshot();
        int low = 0;
        int high = names.Length;
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = string.CompareOrdinal(names[middle].Value, after) > 0 ? (low, middle) : (middle + 1, high);
        }

        return new ArraySegment<TopicName>(names, low, Math.Min(limit, names.Length - low));
    }

    /// <summary>To be called when a topic has come into being or gone.</summary>
    public void OnChanged(TopicName name)
    {
        lock (_gate)
        {
            if (_sorted is null)
            {
                return;
            }

            _changed.Add(name);
            if (_changed.Count > MaxChanged)
            {
                _changed.Clear();
                _sorted = null;
            }
        }
    }

    // What exists is asked for here and not noted: two changes of one name may be noted in the other order.
    private TopicName[] Snapshot()
    {
        lock (_gate)
        {
            if (_sorted is null)
            {
                _sorted = [.. all().Order(Order)];
            }
            else if (_changed.Count > 0)
            {
                _changed.Sort(Order);
                _sorted = [.. Merge(_sorted, _changed)];
                _changed.Clear();
            }

            return _sorted;
        }
    }

    private IEnumerable<TopicName> Merge(TopicName[] sorted, List<TopicName> changed)
    {
        int next = 0;
        for (int i = 0; i < changed.Count; i++)
        {
            while (next < sorted.Length && Order.Compare(sorted[next], changed[i]) < 0)
            {
                yield return sorted[next++];
            }

            if (next < sorted.Length && sorted[next] == changed[i])
            {
                next++;
            }

            bool isLastOfItsName = i + 1 == changed.Count || changed[i + 1] != changed[i];
            if (isLastOfItsName && exists(changed[i]))
            {
                yield return changed[i];
            }
        }

        while (next < sorted.Length)
        {
            yield return sorted[next++];
        }
    }
}
