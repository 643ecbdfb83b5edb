namespace Carillon.Topics.Patterns;

/// <summary>
/// Names with wildcards, for those who subscribe: a segment <c>*</c> stands for any one segment, a last segment <c>&gt;</c> for one or more.
/// </summary>
public static class TopicPattern
{
    /// <summary>Divides the segments of a name.</summary>
    public const char Separator = '.';

    /// <summary>Most segments of a pattern; the topics that it means may have more, behind a last <c>&gt;</c>. Each pattern is kept segment by segment.</summary>
    public const int MaxSegments = 16;

    /// <summary>Whether a name holds a wildcard, and so means topics rather than being one.</summary>
    public static bool IsPattern(TopicName name)
    {
        if (!name.Value.AsSpan().ContainsAny('*', '>'))
        {
            return false; // Asked for each publish and each name; most hold neither.
        }

        foreach (Range range in name.Value.AsSpan().Split(Separator))
        {
            if (name.Value.AsSpan(range) is "*" or ">")
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether <paramref name="topic"/> is one of those that <paramref name="pattern"/> means.</summary>
    public static bool Matches(TopicName pattern, TopicName topic)
    {
        MemoryExtensions.SpanSplitEnumerator<char> segments = topic.Value.AsSpan().Split(Separator);
        foreach (Range range in pattern.Value.AsSpan().Split(Separator))
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
    public static bool IsMisplaced(TopicName pattern) => pattern.Value.StartsWith(">.", StringComparison.Ordinal) || pattern.Value.Contains(".>.", StringComparison.Ordinal);

    /// <summary>Whether a pattern has more segments than <see cref="MaxSegments"/>.</summary>
    public static bool IsTooLong(TopicName pattern) => pattern.Value.AsSpan().Count(Separator) >= MaxSegments;
}
