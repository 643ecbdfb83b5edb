using Carillon.Topics;

namespace Carillon.Engines;

/// <summary>How much is kept of each topic: what the options say, until a topic is given a retention of its own while the engine runs.</summary>
/// <param name="options">The engine's.</param>
/// <remarks>Not thread-safe: it belongs to whatever guards the engine's topics.</remarks>
public sealed class RetentionTable(EngineOptions options)
{
    private readonly Dictionary<TopicName, Retention?> _given = [];

    /// <summary>The retention that holds for <paramref name="topic"/> now.</summary>
    public Retention Of(TopicName topic) => _given.TryGetValue(topic, out Retention? own) ? own ?? options.Retention : options.RetentionOf(topic);

    /// <summary>
    /// Gives a topic a retention of its own. Null takes it away again: then that of topics without one holds, and not what the options said of this one. Null for a topic that was never
    /// given one leaves it to the options.
    /// </summary>
    public void Set(TopicName topic, Retention? own)
    {
        if (own is not null || _given.ContainsKey(topic))
        {
            _given[topic] = own;
        }
    }
}
