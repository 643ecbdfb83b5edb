namespace Carillon.SocketIO.Recovery;

/// <summary>
/// Keeps, for one namespace, what was sent and who lost the connection. The event methods are called in the order of offsets, one at a time, while sending waits
/// for them: they must not block. The session methods may be called at the same time as any other.
/// </summary>
public interface IRecoveryStore
{
    /// <summary>The offset of the last event that was ever kept, 0 if there was none; numbering goes on from it.</summary>
    long LastOffset { get; }

    /// <summary>Keeps an event; its offset is larger than that of every event before it.</summary>
    void Append(RecoverableEvent sent);

    /// <summary>
    /// Adds the events after <paramref name="offset"/>, in order, to <paramref name="events"/>. False if it cannot be known that these are all: some are not kept any more.
    /// </summary>
    bool TryRead(long offset, ICollection<RecoverableEvent> events);

    /// <summary>Keeps the session of a socket that has left.</summary>
    ValueTask SaveAsync(RecoverableSession session, CancellationToken cancellationToken);

    /// <summary>Gives back a session that was kept not longer ago than clients may be away, once; null if there is none.</summary>
    ValueTask<RecoverableSession?> TakeAsync(string privateId, CancellationToken cancellationToken);
}
