using Carillon.Engines;
using Carillon.Messages;
using Carillon.Topics;

namespace Carillon.Consumers;

/// <summary>Which consumptions or subscriptions to list, newest first. Filters are combined with "and"; null means no restriction.</summary>
public sealed record ConsumerQuery
{
    /// <summary>Only this topic.</summary>
    public TopicName? Topic { get; init; }

    /// <summary>Only this consumer.</summary>
    public string? Consumer { get; init; }

    /// <summary>Recorded at this time or later.</summary>
    public UnixTime? From { get; init; }

    /// <summary>Recorded before this time.</summary>
    public UnixTime? To { get; init; }

    /// <summary>Where the previous page ended: its <see cref="Page{T}.Next"/>, with the same filters.</summary>
    public long? Cursor { get; init; }

    /// <summary>Most rows to return, 1 to <see cref="Page{T}.MaxLimit"/>.</summary>
    public int Limit { get; init; } = Page<Consumption>.DefaultLimit;
}
