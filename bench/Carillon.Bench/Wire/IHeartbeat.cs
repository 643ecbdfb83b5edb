namespace Carillon.Bench.Wire;

/// <summary>A client that must speak up at intervals by itself, or the server takes it for dead.</summary>
internal interface IHeartbeat
{
    /// <summary>Sends the sign of life.</summary>
    void Beat();
}
