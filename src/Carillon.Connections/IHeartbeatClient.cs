namespace Carillon.Connections;

/// <summary>Something with deadlines that a <see cref="Heartbeat"/> looks after.</summary>
public interface IHeartbeatClient
{
    /// <summary>
    /// One tick. <paramref name="now"/> is a timestamp of the heartbeat's <see cref="TimeProvider"/>. Ticks of one heartbeat never overlap.
    /// It must not block; an exception is logged.
    /// </summary>
    void OnHeartbeat(long now);
}
