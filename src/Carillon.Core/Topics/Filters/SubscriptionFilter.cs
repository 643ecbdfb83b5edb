namespace Carillon.Topics.Filters;

/// <summary>What a subscription selects of its topic's messages. Immutable; equal ones select the same.</summary>
internal sealed class SubscriptionFilter : IEquatable<SubscriptionFilter>
{
    private readonly string _key;

    /// <summary>Makes one.</summary>
    /// <param name="words">A message must carry all of them.</param>
    /// <param name="unless">What the session's other subscriptions to the topic select already: it gets each message once.</param>
    public SubscriptionFilter(IReadOnlyList<string> words, IReadOnlyList<SubscriptionFilter> unless)
    {
        Words = words;
        Unless = unless;
        _key = string.Join('\u001f', words) + string.Concat(unless.Select(filter => $"\u001e{filter._key}"));
    }

    public IReadOnlyList<string> Words { get; }

    private IReadOnlyList<SubscriptionFilter> Unless { get; }

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

        foreach (SubscriptionFilter other in Unless)
        {
            if (other.Selects(words))
            {
                return false;
            }
        }

        return true;
    }

    /// <inheritdoc/>
    public bool Equals(SubscriptionFilter? other) => other is not null && _key == other._key;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as SubscriptionFilter);

    /// <inheritdoc/>
    public override int GetHashCode() => _key.GetHashCode(StringComparison.Ordinal);
}
