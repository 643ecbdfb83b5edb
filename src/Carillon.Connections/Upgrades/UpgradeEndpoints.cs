using Microsoft.AspNetCore.Builder;

namespace Carillon.Connections.Upgrades;

/// <summary>Tells which endpoints accept WebSockets by <see cref="WebSockets.WebSocketHandshake"/>.</summary>
public static class UpgradeEndpoints
{
    /// <summary>
    /// Marks endpoints whose WebSockets may be held below HTTP, see <see cref="CarillonConnectionsHosting.UseCarillonConnections"/>. Their handlers must
    /// return as soon as <see cref="WebSockets.WebSocketConnection.RunAsync"/> completes, and keep nothing of the request.
    /// WebSockets over HTTP/2 come with the method <c>CONNECT</c>: to have them too, map the endpoint by <c>Map</c>, not by <c>MapGet</c>.
    /// </summary>
    public static TBuilder AcceptsWebSockets<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(UpgradeMetadata.Instance);
}
