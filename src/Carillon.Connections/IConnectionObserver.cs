namespace Carillon.Connections;

/// <summary>Learns what connections do, for instruments. Called once per write, not per frame; must be thread-safe, quick, and not throw.</summary>
public interface IConnectionObserver
{
    /// <summary>One write of <paramref name="frames"/> frames, <paramref name="bytes"/> bytes in all, was handed to the network.</summary>
    void OnWritten(int frames, long bytes);
}
