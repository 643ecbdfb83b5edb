namespace Carillon.Connections;

/// <summary>What drains an <see cref="Outbox"/>: the one connection attached to it.</summary>
public interface IOutboxTransport
{
    /// <summary>
    /// Frames wait that no earlier call announced; the transport takes frames until <see cref="Outbox.Take"/> returns 0.
    /// Called on the producer's thread: it must neither block nor throw, only schedule.
    /// </summary>
    void OnFramesWaiting();
}
