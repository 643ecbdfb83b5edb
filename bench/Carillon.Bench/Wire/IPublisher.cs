namespace Carillon.Bench.Wire;

/// <summary>A connection that publishes. Not thread-safe.</summary>
internal interface IPublisher
{
    /// <summary>Whether one more message may be under way on this connection.</summary>
    bool IsReady { get; }

    void Publish(int sequence);
}
