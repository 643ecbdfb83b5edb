using Carillon.Errors;
using Carillon.Topics;

namespace Carillon.Sessions;

/// <summary>Where a wish to subscribe leads.</summary>
/// <param name="Topic">The topic it names; null for a pattern.</param>
/// <param name="Words">The filters that it names behind the topic.</param>
/// <param name="Composition">How that topic was composed when it was decided on; null for a pattern.</param>
/// <param name="Error">Why it leads nowhere; null when it does not fail.</param>
internal readonly record struct Placement(LiveTopic? Topic, IReadOnlyList<string> Words, Topic? Composition, Error? Error)
{
    /// <summary>A pattern.</summary>
    public static Placement Pattern { get; } = new(null, [], null, null);

    /// <summary>Nowhere.</summary>
    public static Placement Refused(Error error) => new(null, [], null, error);
}
