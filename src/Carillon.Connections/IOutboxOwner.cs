namespace Carillon.Connections;

/// <summary>The session an <see cref="Outbox"/> belongs to.</summary>
public interface IOutboxOwner
{
    /// <summary>
    /// A frame was refused because the outbox is full. Called on the producer's thread, possibly several times, without any lock held;
    /// it must neither block nor throw.
    /// </summary>
    void OnOutboxOverflow();
}
