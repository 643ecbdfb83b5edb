using Microsoft.AspNetCore.Builder;

namespace Carillon.Connections.Upgrades;

/// <summary>Tells which endpoints accept WebSockets by <see cref="WebSockets.WebSocketHandshake"/>.</summary>
public static class UpgradeEndpoints
{
    /// <summary>
    /// Marks endpoints whose WebSockets may be held below HTTP, see <see cref="CarillonConnectionsHosting.UseCarillonConnections"/>. Their handlers must
    /// return as soon as <see cref="WebSockets.WebSocketConnection.RunAsync"/> completes, and keep nothing of the request.
    /// </summary>
    public static TBuilder AcceptsWebSockets<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(UpgradeMetadata.Instance);
}
