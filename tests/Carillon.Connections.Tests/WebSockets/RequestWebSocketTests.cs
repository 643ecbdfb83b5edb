namespace Carillon.Connections.Tests.WebSockets;

public sealed class RequestWebSocketTests() : WebSocketConnectionTests(held: false);
