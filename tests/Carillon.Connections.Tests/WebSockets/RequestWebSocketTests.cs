namespace Carillon.Connections.Tests.WebSockets;

public sealed class RequestWebSocketTests() : UpgradedWebSocketTests(held: false);
