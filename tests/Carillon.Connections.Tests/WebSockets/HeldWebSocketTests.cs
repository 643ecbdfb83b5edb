namespace Carillon.Connections.Tests.WebSockets;

public sealed class HeldWebSocketTests() : WebSocketConnectionTests(held: true);
