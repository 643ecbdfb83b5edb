using Carillon.Connections.WebSockets;

namespace Carillon.Connections.Upgrades;

/// <summary>A feature of requests whose connection can be held without them.</summary>
internal interface IWebSocketUpgrade
{
    /// <summary>Answers 101 with the response's headers, and hands over the connection; the request may then end.</summary>
    ValueTask<WebSocketLink> TakeAsync();
}
