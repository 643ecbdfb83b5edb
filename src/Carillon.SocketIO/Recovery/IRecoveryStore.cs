namespace Carillon.SocketIO.Recovery;

/// <summary>
/// Keeps, for one namespace, what was sent and who lost the connection. Must be thread-safe: any method may be called at the same time as any other, only
/// <see cref="Append"/> is called in the order of offsets, one at a time. Sending waits for <see cref="Append"/> and <see cref="TryRead"/>: they must not block.
/// A store that is <see cref="IAsyncDisposable"/>, or else <see cref="IDisposable"/>, is disposed of when its namespace is gone, or its server ends; it may still be called
/// then, to no effect. What it throws there is logged.
/// </summary>
public interface IRecoveryStore
{
    /// <summary>
    /// Numbering goes on from it: at least the offset of the last event that was ever kept, and also larger than what clients may remember of a namespace that was lost.
    /// Asked once, before anything else.
    /// </summary>
    long LastOffset { get; }

    /// <summary>Keeps an event; its offset is larger than that of every event before it.</summary>
    void Append(RecoverableEvent sent);

    /// <summary>
    /// Adds the first <paramref name="limit"/> events after <paramref name="offset"/> to <paramref name="events"/>, in order; fewer only if there are no more.
    /// False if it cannot be known that none is left out: some are not kept any more.
    /// </summary>
    bool TryRead(long offset, int limit, ICollection<RecoverableEvent> events);

    /// <summary>Keeps the session of a socket that has left.</summary>
    ValueTask SaveAsync(RecoverableSession session, CancellationToken cancellationToken);

    /// <summary>Gives back a session that was kept not longer ago than clients may be away, once; null if there is none.</summary>
    ValueTask<RecoverableSession?> TakeAsync(string privateId, CancellationToken cancellationToken);
}
