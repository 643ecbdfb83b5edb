namespace Carillon.Bench.Load;

/// <summary>Decides when the next message is published.</summary>
internal interface IPace
{
    /// <summary>Takes the next message if it is time for it.</summary>
    /// <param name="now">Stopwatch ticks.</param>
    /// <param name="underWay">Messages published and not yet delivered to all subscribers.</param>
    /// <param name="dueAt">When it was due: its latency counts from here, also if it could only be sent later.</param>
    bool TryTake(long now, int underWay, out long dueAt);

    /// <summary>How long the loop may wait for answers before it asks again.</summary>
    TimeSpan Patience(long now);
}
