using Carillon.Messages;
using Carillon.Topics;

namespace Carillon.Engines;

/// <summary>Which messages to list. Filters are combined with "and"; null means no restriction.</summary>
public sealed record MessageQuery
{
    /// <summary>Only this topic.</summary>
    public TopicName? Topic { get; init; }

    /// <summary>Only from this producer.</summary>
    public string? Producer { get; init; }

    /// <summary>Only messages with this id.</summary>
    public string? MessageId { get; init; }

    /// <summary>Accepted at this time or later.</summary>
    public UnixTime? From { get; init; }

    /// <summary>Accepted before this time.</summary>
    public UnixTime? To { get; init; }

    /// <summary>Only offsets greater than this; needs <see cref="Topic"/>.</summary>
    public long? AfterOffset { get; init; }

    /// <summary>Oldest first instead of newest first.</summary>
    public bool Ascending { get; init; }

    /// <summary>Where the previous page ended: its <see cref="Page{T}.Next"/>, with the same filters and order.</summary>
    public long? Cursor { get; init; }

    /// <summary>Most rows to return, 1 to <see cref="Page{T}.MaxLimit"/>.</summary>
    public int Limit { get; init; } = Page<Message>.DefaultLimit;
}
