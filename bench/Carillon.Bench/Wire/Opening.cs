namespace Carillon.Bench.Wire;

/// <summary>How a connection comes to where the load begins. Shared by all connections that open the same way.</summary>
/// <param name="Path">Of the WebSocket upgrade.</param>
/// <param name="Steps">After the upgrade, one after another.</param>
internal sealed record Opening(string Path, IReadOnlyList<OpeningStep> Steps)
{
    /// <summary>The subprotocol that is offered and must be chosen; null for none.</summary>
    public string? Subprotocol { get; init; }
}
