namespace Carillon.Connections.WebSockets;

/// <summary>How the peer broke the protocol: the close code it is told, and a text of ours that holds nothing the peer sent.</summary>
internal readonly record struct WebSocketViolation(WebSocketCloseCode Code, string Reason);
