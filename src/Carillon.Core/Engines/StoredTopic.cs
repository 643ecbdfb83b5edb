using Carillon.Topics;

namespace Carillon.Engines;

/// <summary>A topic as an engine keeps it.</summary>
/// <param name="Name">The topic.</param>
public sealed record StoredTopic(TopicName Name)
{
    /// <summary>
    /// How much is kept of it from now on; what is too much already goes as well. It is not stored: after a restart the options hold until it is said again. Null for a topic without a
    /// retention of its own, see <see cref="RetentionTable.Set"/>.
    /// </summary>
    public Retention? Retention { get; init; }

    /// <summary>
    /// What not everyone may do with it; stored with it, so that a topic which is composed no more is not open to everyone after a restart. The engine checks nothing itself. Null leaves what is
    /// stored, which is <see cref="TopicRestriction.None"/> in the beginning.
    /// </summary>
    public TopicRestriction? Restriction { get; init; }
}
