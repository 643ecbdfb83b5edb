namespace Carillon.Bench.Load;

/// <summary>Keeps what was sent and delivered in one round, and judges it.</summary>
internal interface ILedger
{
    /// <summary>Messages sent and not yet delivered to all who must receive them.</summary>
    int UnderWay { get; }

    /// <summary>Whether nothing is awaited any more: no delivery and no answer.</summary>
    bool IsComplete { get; }

    /// <summary>Notes a message before it is sent.</summary>
    /// <param name="dueAt">When it was due: its latencies count from here.</param>
    /// <param name="publisher">Which publisher sends it.</param>
    /// <returns>Its sequence number: one more than the last one's.</returns>
    int Add(long dueAt, int publisher);

    Verdict Judge();
}
