namespace Carillon.AspNetCore.Tests.WebSockets;

/// <summary>With connections held below HTTP.</summary>
public sealed class HeldTopicSocketTests() : TopicSocketTests(SocketHost.Held);
