namespace Carillon.Topics.Patterns;

/// <summary>
/// How a hub divides names into segments, and what those who subscribe can say with them: a segment <c>*</c> stands for any one segment, a last segment <c>&gt;</c> for one or more.
/// Immutable.
/// </summary>
public sealed class TopicSegments
{
    /// <summary>Divides the segments of a name where the hub chose nothing else.</summary>
    public const char DefaultSeparator = '.';

    /// <summary>Most segments of a pattern; the topics that it means may have more, behind a last <c>&gt;</c>. Each pattern is kept segment by segment.</summary>
    public const int MaxSegments = 16;

    private readonly string _misplacedFirst;
    private readonly string _misplacedWithin;

    /// <summary>Divides names by <paramref name="separator"/>.</summary>
    /// <exception cref="ArgumentException">It is no separator; see <see cref="IsSeparator"/>.</exception>
    public TopicSegments(char separator = DefaultSeparator)
    {
        if (!IsSeparator(separator))
        {
            throw new ArgumentException($"The separator of names must be a punctuation mark or symbol of ASCII other than '*', '>' and '$', but is '{separator}'", nameof(separator));
        }

        Separator = separator;
        _misplacedFirst = $">{separator}";
        _misplacedWithin = $"{separator}>{separator}";
    }

    /// <summary>Divides the segments of a name.</summary>
    public char Separator { get; }

    /// <summary>Whether a hub can choose it: a punctuation mark or symbol of ASCII that means nothing else in a name, so neither a wildcard nor <c>$</c>.</summary>
    public static bool IsSeparator(char candidate) => (char.IsAscii(candidate) && (char.IsPunctuation(candidate) || char.IsSymbol(candidate))) && candidate is not ('*' or '>' or '$');

    /// <summary>Whether a name holds a wildcard, and so means topics rather than being one.</summary>
    public bool IsPattern(TopicName name)
    {
        if (!name.Value.AsSpan().ContainsAny('*', '>'))
        {
            return false; // Asked for each publish and each name; most hold neither.
        }

        foreach (Range range in Split(name.Value))
        {
            if (name.Value.AsSpan(range) is "*" or ">")
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether <paramref name="topic"/> is one of those that <paramref name="pattern"/> means.</summary>
    public bool Matches(TopicName pattern, TopicName topic)
    {
        MemoryExtensions.SpanSplitEnumerator<char> segments = Split(topic.Value);
        foreach (Range range in Split(pattern.Value))
        {
            ReadOnlySpan<char> wanted = pattern.Value.AsSpan(range);
            if (!segments.MoveNext() || (wanted is not ("*" or ">") && !wanted.SequenceEqual(topic.Value.AsSpan(segments.Current))))
            {
                return false;
            }

            if (wanted is ">")
            {
                return true;
            }
        }

        return !segments.MoveNext();
    }

    /// <summary>Whether a wildcard stands where none can: <c>&gt;</c> before the end.</summary>
    public bool IsMisplaced(TopicName pattern) =>
        pattern.Value.StartsWith(_misplacedFirst, StringComparison.Ordinal) || pattern.Value.Contains(_misplacedWithin, StringComparison.Ordinal);

    /// <summary>Whether a pattern has more segments than <see cref="MaxSegments"/>.</summary>
    public bool IsTooLong(TopicName pattern) => pattern.Value.AsSpan().Count(Separator) >= MaxSegments;

    internal MemoryExtensions.SpanSplitEnumerator<char> Split(ReadOnlySpan<char> name) => name.Split(Separator);
}
