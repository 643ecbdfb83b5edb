namespace Carillon.Topics.Filters;

/// <summary>What a subscription selects of its topic's messages. Immutable; equal ones select the same.</summary>
internal sealed class SubscriptionFilter : IEquatable<SubscriptionFilter>
{
    private readonly string _key;
    private readonly int _hash;

    /// <summary>Makes one.</summary>
    /// <param name="words">A message must carry all of them.</param>
    public SubscriptionFilter(IReadOnlyList<string> words)
    {
        Words = words;
        _key = string.Join('\u001f', words);
        _hash = _key.GetHashCode(StringComparison.Ordinal);
    }

    public IReadOnlyList<string> Words { get; }

    /// <summary>What both of two select; null stands for everything.</summary>
    public static SubscriptionFilter? Both(SubscriptionFilter? one, SubscriptionFilter? other) =>
        one is null ? other : other is null ? one : new SubscriptionFilter([.. one.Words.Union(other.Words, StringComparer.Ordinal)]);

    /// <summary>Whether a message with these words is selected.</summary>
    public bool Selects(HashSet<string> words)
    {
        foreach (string word in Words)
        {
            if (!words.Contains(word))
            {
                return false;
            }
        }

        return true;
    }

    /// <inheritdoc/>
    public bool Equals(SubscriptionFilter? other) => other is not null && _hash == other._hash && _key == other._key;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as SubscriptionFilter);

    /// <inheritdoc/>
    public override int GetHashCode() => _hash;
}
